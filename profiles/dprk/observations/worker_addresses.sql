-- SPDX-License-Identifier: Apache-2.0
-- id: worker-addresses
-- meaning: Clients that wrote or read work came from ranges that are listed as North Korean
-- unit: addresses
-- group: addresses
-- kind: geolocation
-- needs: logs
-- missing: neutral, because they may work through exits elsewhere
-- likelihood.controlled-hands: 0.40..0.70 because some of them have no other way out
-- likelihood.border-studio: 0.05..0.12 because some partners across the border share lines, and some services advertise such addresses
-- likelihood.korean-studio: 0.01..0.03 because it may not even connect
-- likelihood.other-hands: 0.05..0.15 because others may hold or share such addresses
-- likelihood.staged-hands: 0.05..0.20 because such an address is hard to come by, though some services advertise them
SELECT f.id, f.value, f.value
FROM now_finding f
WHERE f.kind IN ('log.session', 'log.login')
	AND (f.data LIKE '%dprk-range%' OR f.data LIKE '%North Korean range%'
		OR json_extract(f.data, '$.country') = 'KP')
ORDER BY f.id
