/* SPDX-License-Identifier: Apache-2.0 */
#include "intel/intel.h"

/*
 * Strongest first: a brand's exit says more than that its network is rented
 * out.  A hosting list says where a machine stands, never that it is a VPN.
 */
const struct intel_kind intel_kinds[] = {
	{ "tor-exit", "Tor exits", true, false },
	{ "vpn-brand", "VPN exits", true, false },
	{ "public-proxy", "public proxies", true, false },
	{ "res-proxy-suspect", "suspected residential proxies", true, false },
	{ "relay", "privacy relays", true, false },
	{ "vpn-asn", "networks that mostly serve VPNs", true, false },
	{ "scanner", "scanning services", false, true },
	{ "corporate-gateway", "corporate gateways", true, false },
	{ "satellite", "satellite networks", false, false },
	{ "cdn", "content networks", true, true },
	{ "hosting", "hosting networks", false, true },
	{ "education", "education networks", false, false },
	{ "mobile", "mobile networks", false, false },
	{ "access", "access networks", false, false },
	{ 0 },
};

const struct intel_kind *intel_kind_named(struct slice name)
{
	for (const struct intel_kind *k = intel_kinds; k->name; k++)
		if (slice_is(name, k->name))
			return k;
	return NULL;
}
