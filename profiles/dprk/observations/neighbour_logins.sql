-- SPDX-License-Identifier: Apache-2.0
-- id: neighbour-logins
-- meaning: People logged in from addresses in China that are no known exits
-- unit: addresses
-- group: logins
-- kind: geolocation
-- needs: logs
-- missing: neutral, because they may always use exits
-- likelihood.go-between: 0.40..0.70 because Chinese companies hand such work on
-- likelihood.bilingual-team: 0.35..0.60 because such a team may sit there
-- likelihood.plain-exchange: 0.10..0.25 because anybody's client may sit there
-- likelihood.other-relay: 0.20..0.45 because anybody may sit there
-- likelihood.staged-relay: 0.30..0.60 because such an address is easily had
-- likelihood.controlled-hands: 0.40..0.70 because the work comes through Chinese companies
-- likelihood.border-studio: 0.50..0.80 because it sits there
-- likelihood.korean-studio: 0.05..0.15 because few of their partners do
-- likelihood.other-hands: 0.20..0.45 because anybody may sit there
-- likelihood.staged-hands: 0.30..0.60 because such an address is easily had
SELECT f.id, f.value, json_extract(f.data, '$.country')
FROM now_finding f
WHERE f.kind = 'log.login'
	AND coalesce(json_extract(f.data, '$.ok'), 1) <> 0
	AND json_extract(f.data, '$.country') = 'CN'
	AND coalesce(json_extract(f.data, '$.class'), '') NOT IN
		('vpn-brand', 'vpn-asn', 'tor-exit', 'public-proxy', 'res-proxy-suspect', 'hosting', 'cdn', 'scanner')
ORDER BY f.id
