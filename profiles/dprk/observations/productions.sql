-- SPDX-License-Identifier: Apache-2.0
-- id: productions
-- meaning: Productions of the catalogue were recognised on two independent legs
-- unit: productions
-- group: productions
-- kind: names
-- needs: examine, match
-- missing: neutral, because the catalogue may lack them
SELECT f.id, json_extract(f.data, '$.id'), f.value
FROM now_finding f
WHERE f.kind = 'title.match' AND json_extract(f.data, '$.status') = 'claim'
ORDER BY f.id
