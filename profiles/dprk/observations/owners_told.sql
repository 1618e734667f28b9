-- SPDX-License-Identifier: Apache-2.0
-- id: owners-told
-- meaning: A text that names a production or its owner also names North Korea
-- unit: objects
-- group: owners
-- kind: names
-- needs: examine, match
-- missing: neutral, because this is a proxy: knowledge need not be written down
SELECT f.id, f.object, f.value
FROM now_finding f
WHERE f.kind IN ('text.line', 'ocr.line')
	AND (f.value LIKE '%North Korea%' OR f.value LIKE '%DPRK%' OR f.value LIKE '%Pyongyang%'
		OR f.value LIKE '%평양%' OR f.value LIKE '%平壤%' OR f.value LIKE '%北朝鮮%')
	AND f.object IN (SELECT t.object FROM now_finding t
		WHERE t.kind = 'title.leg' AND json_extract(t.data, '$.leg') = 'text')
ORDER BY f.id
