-- SPDX-License-Identifier: Apache-2.0
-- id: listed-names
-- meaning: Documents on the server name parties of the sanctions list in use
-- unit: objects
-- group: names
-- kind: names
-- needs: examine, match
-- missing: neutral, because such names are avoided
-- likelihood.controlled-hands: 0.20..0.50 because their own papers name them now and then
-- likelihood.border-studio: 0.05..0.15 because several of the listed parties are Chinese companies it may deal with
-- likelihood.korean-studio: 0.01..0.03 because dealing with them would be a crime there
-- likelihood.other-hands: 0.03..0.12 because they may have dealt with the listed companies
-- likelihood.staged-hands: 0.30..0.60 because a name is easily written
SELECT f.id, coalesce(f.object, f.id), f.value
FROM now_finding f
WHERE f.kind = 'name.match'
ORDER BY f.id
