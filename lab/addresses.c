/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Real public networks, so that real address tables resolve them.  Nobody
 * who holds an address in them has anything to do with what is told here.
 * Country and AS number as in the free ip-location-db tables of November
 * 2026 (geo-whois-asn-country, asn), each /24 wholly within one of both.
 */
#include "lab.h"

#include <stdio.h>

const struct network vpn_networks[] = {
	{ "89.187.161.", "JP", "Datacamp Limited", 60068 },
	{ "45.32.12.", "JP", "The Constant Company, LLC", 20473 },
	{ "139.162.80.", "JP", "Akamai Technologies, Inc.", 63949 },
	{ "84.17.37.", "HK", "Datacamp Limited", 60068 },
	{ "103.57.248.", "HK", "M247 Europe SRL", 9009 },
	{ "128.199.90.", "SG", "DigitalOcean, LLC", 14061 },
	{ "156.146.56.", "SG", "Datacamp Limited", 60068 },
	{ "209.58.160.", "SG", "LEASEWEB SINGAPORE PTE. LTD.", 59253 },
	{ "23.108.4.", "US", "Leaseweb USA, Inc.", 396362 },
	{ "198.44.136.", "US", "tzulo, inc.", 11878 },
	{ "146.70.100.", "US", "M247 Europe SRL", 9009 },
	{ "188.166.200.", "NL", "DigitalOcean, LLC", 14061 },
	{ "37.120.200.", "RO", "M247 Europe SRL", 9009 },
	{ "95.216.20.", "FI", "Hetzner Online GmbH", 24940 },
	{ "5.9.20.", "DE", "Hetzner Online GmbH", 24940 },
	{ 0 },
};

const struct network chinese_networks[] = {
	{ "59.44.12.", "CN", "Chinanet", 4134 },
	{ "123.184.20.", "CN", "Chinanet", 4134 },
	{ "218.25.10.", "CN", "CHINA UNICOM China169 Backbone", 4837 },
	{ 0 },
};

const struct network spanish_networks[] = {
	{ "80.58.20.", "ES", "TELEFONICA DE ESPANA S.A.U.", 3352 },
	{ 0 },
};

const struct network worker_networks[] = {
	{ "175.45.176.", "KP", "Star Joint Venture Co. Ltd.", 131279 },
	{ "175.45.177.", "KP", "Star Joint Venture Co. Ltd.", 131279 },
	{ "175.45.178.", "KP", "Star Joint Venture Co. Ltd.", 131279 },
	{ 0 },
};

const struct network korean_networks[] = {
	{ "112.160.10.", "KR", "Korea Telecom", 4766 },
	{ "121.130.44.", "KR", "Korea Telecom", 4766 },
	{ "58.120.33.", "KR", "SK Broadband Co Ltd", 9318 },
	{ "39.115.60.", "KR", "SK Broadband Co Ltd", 9318 },
	{ "106.240.30.", "KR", "LG DACOM Corporation", 3786 },
	{ "112.216.40.", "KR", "LG DACOM Corporation", 3786 },
	{ 0 },
};

const struct network scanner_networks[] = {
	{ "71.6.199.", "US", "CariNet, Inc.", 10439 },
	{ "80.82.77.", "NL", "IP Volume inc", 202425 },
	{ "141.98.11.", "LT", "UAB Host Baltic", 209605 },
	{ "193.32.162.", "NL", "UNMANAGED LTD", 47890 },
	{ "45.155.205.", "RU", "\"Cloud Technologies\" LLC trading as Cloud.ru", 208677 },
	{ 0 },
};

int network_count(const struct network *list)
{
	int n = 0;

	while (list[n].prefix != NULL)
		n++;
	return n;
}

char *network_address(const struct network *network, struct rng *rng)
{
	return keepf("%s%d", network->prefix, rng_int(rng, 4, 250));
}

/* The list a user of the tool would bring: the exits, and more of that brand's, none of others. */
void intel_write(struct lab *lab)
{
	struct bytes out = { 0 };

	bytes_text(&out, "cidr,label,kind,source,date\n");
	for (const struct network *n = vpn_networks; n->prefix != NULL; n++)
		bytes_addf(&out, "%s0/24,Sablefin VPN,vpn-brand,xsheet-lab (synthetic list),%s\n",
			   n->prefix, lab->days[1].date);
	write_file(keepf("%s/intel/vpn-exits.csv", lab->dir), out.data, out.len, 0);
	bytes_done(&out);

	bytes_text(&out,
		   "Synthetic, made by xsheet-lab.\n\n"
		   "vpn-exits.csv names the networks from which this lab's VPN logins come. The brand\n"
		   "\"Sablefin VPN\" is invented. The networks are real hosting ranges, taken so that\n"
		   "real address tables resolve them; they are NOT known to be anybody's VPN exits.\n"
		   "Use the list with this lab only.\n");
	write_file(keepf("%s/intel/README", lab->dir), out.data, out.len, 0);
	bytes_done(&out);
}
