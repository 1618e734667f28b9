-- SPDX-License-Identifier: Apache-2.0
-- id: relay-traffic
-- meaning: In the logs one group of clients writes what another, far one reads and answers, in both directions
-- unit: pairs of groups
-- group: traffic
-- kind: traffic
-- needs: logs
-- missing: counts, because logs that hold both sides would show it
-- likelihood.go-between: 0.60..0.90 because handing on is what the server would be for
-- likelihood.bilingual-team: 0.10..0.25 because one team's places share more than they answer
-- likelihood.plain-exchange: 0.03..0.10 because supplier and client may answer each other, too
-- likelihood.other-relay: 0.10..0.30 because other ways of working may leave such traces
-- likelihood.staged-relay: 0.05..0.20 because weeks of consistent traffic are hard to stage
-- likelihood.controlled-hands: 0.50..0.80 because they do not reach clients themselves
-- likelihood.border-studio: 0.25..0.45 because some work through an agent
-- likelihood.korean-studio: 0.08..0.20 because they mostly deal with clients directly
-- likelihood.other-hands: 0.15..0.35 because other ways of working may leave such traces
-- likelihood.staged-hands: 0.05..0.20 because weeks of consistent traffic are hard to stage
SELECT f.id, f.id, f.value
FROM now_finding f
WHERE f.kind = 'log.relay'
ORDER BY f.id
