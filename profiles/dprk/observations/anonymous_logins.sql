-- SPDX-License-Identifier: Apache-2.0
-- id: anonymous-logins
-- meaning: People logged in through VPN exits or other services that hide where they are
-- unit: addresses
-- group: logins
-- kind: logins
-- needs: logs
-- at_least: 3
-- missing: neutral, because a login without one says little
-- likelihood.controlled-hands: 0.50..0.80 because hiding is the rule there
-- likelihood.border-studio: 0.30..0.50 because VPNs are common in China
-- likelihood.korean-studio: 0.15..0.35 because some people use them anywhere
-- likelihood.other-hands: 0.30..0.60 because anybody may use them
-- likelihood.staged-hands: 0.50..0.80 because it hides the stager, too
SELECT f.id, f.value, json_extract(f.data, '$.class')
FROM now_finding f
WHERE f.kind = 'log.login'
	AND coalesce(json_extract(f.data, '$.ok'), 1) <> 0
	AND json_extract(f.data, '$.class') IN ('vpn-brand', 'vpn-asn', 'tor-exit', 'public-proxy', 'res-proxy-suspect')
ORDER BY f.id
