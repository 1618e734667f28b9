-- SPDX-License-Identifier: Apache-2.0
-- id: pairs
-- meaning: Notes in Chinese stand beside a Korean translation of them
-- unit: objects
-- group: notes
-- kind: language
-- needs: examine
-- at_least: 3
-- missing: counts, because notes that were read would show it if work were handed on in writing
-- likelihood.go-between: 0.60..0.90 because instructions must be made readable for the other side
-- likelihood.bilingual-team: 0.20..0.40 because a team that reads both seldom writes both
-- likelihood.plain-exchange: 0.02..0.06 because there is nobody to translate for
-- likelihood.other-relay: 0.10..0.30 because some explanations bring translations with them
-- likelihood.staged-relay: 0.30..0.60 because it is the first thing one would stage
-- likelihood.controlled-hands: 0.50..0.80 because the work comes through Chinese companies
-- likelihood.border-studio: 0.25..0.50 because its people read Chinese, most of them
-- likelihood.korean-studio: 0.03..0.08 because work from China is rare there
-- likelihood.other-hands: 0.10..0.30 because some explanations bring translations with them
-- likelihood.staged-hands: 0.30..0.60 because it is the first thing one would stage
SELECT f.id, coalesce(f.object, f.id), f.value
FROM now_finding f
WHERE f.kind = 'pair.lines'
	AND json_extract(f.data, '$.from') LIKE 'zh%'
	AND json_extract(f.data, '$.to') LIKE 'ko%'
ORDER BY f.id
