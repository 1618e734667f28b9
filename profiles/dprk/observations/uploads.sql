-- SPDX-License-Identifier: Apache-2.0
-- id: uploads
-- meaning: The logs show files being uploaded
-- unit: addresses
-- group: uploads
-- kind: traffic
-- needs: logs
-- missing: neutral, because uploads may go another way
SELECT f.id, f.value, f.value
FROM now_finding f
WHERE f.kind = 'log.session' AND json_extract(f.data, '$.written') > 0
ORDER BY f.id
