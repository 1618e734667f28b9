/* SPDX-License-Identifier: Apache-2.0 */
#include "match/internal.h"

/*
 * Words that stand in any text, or in any company's name.  Folded.  A name
 * made of these alone is not looked for in running text, and a title that is
 * one of them is never a leg by itself.
 */
static const char *const common[] = {
	/* companies, trades, places of trade */
	"academy", "agency", "alliance", "animation", "animations", "arts", "association", "aviation",
	"bank", "board", "bureau", "cartoon", "cartoons", "center", "centre", "children", "childrens",
	"committee", "communications", "company", "construction", "consulting", "contract", "cooperation",
	"corporation", "culture", "cultural", "department", "design", "development", "digital",
	"director", "district", "education", "electronics", "energy", "engineering", "enterprise",
	"enterprises", "entertainment", "equipment", "exchange", "export", "factory", "federal", "film",
	"films", "finance", "financial", "foundation", "fund", "general", "global", "group", "holding",
	"holdings", "import", "industrial", "industries", "industry", "information", "institute",
	"international", "investment", "investments", "invoice", "logistics", "management", "manager",
	"marine", "maritime", "market", "media", "metal", "mining", "ministry", "motion", "national",
	"network", "office", "organization", "party", "payment", "petroleum", "picture", "pictures",
	"production", "productions", "products", "project", "properties", "research", "resources",
	"science", "sciences", "scientific", "security", "service", "services", "shipping", "software",
	"solutions", "state", "studio", "studios", "supply", "support", "system", "systems", "technical",
	"technologies", "technology", "telecom", "television", "trade", "trading", "transport", "travel",
	"union", "university", "video", "works", "world",
	/* places too wide to say anything */
	"africa", "america", "american", "asia", "beijing", "china", "chinese", "dalian", "dandong",
	"eastern", "europe", "global", "guangzhou", "hongkong", "india", "islamic", "japan", "korea",
	"korean", "london", "middle", "moscow", "northern", "pacific", "paris", "pyongyang", "russia",
	"russian", "shanghai", "shenyang", "singapore", "southern", "spain", "western",
	/* words that are also names of productions, ships and people */
	"adventure", "alpha", "amazon", "angel", "apollo", "arrow", "atlas", "aurora", "battle", "black",
	"blue", "bright", "brother", "brothers", "captain", "castle", "cat", "champion", "change",
	"charlie", "check", "child", "chosen", "city", "classic", "clean", "cloud", "comet", "company",
	"crown", "dahlia", "dawn", "delta", "destiny", "diamond", "dog", "dragon", "dream", "eagle",
	"earth", "east", "echo", "eclipse", "empire", "eternal", "express", "falcon", "family", "fire",
	"flower", "forest", "fortune", "freedom", "friend", "friends", "future", "galaxy", "garden",
	"ghost", "giant", "glory", "gold", "golden", "good", "grace", "grand", "great", "green", "guardian",
	"harmony", "heart", "heaven", "hero", "home", "honest", "hope", "horizon", "horse", "house",
	"immortal", "infinity", "invincible", "island", "journey", "joy", "justice", "key", "king",
	"kingdom", "layout", "leader", "legend", "liberty", "light", "lion", "little", "lucky", "magic",
	"marina", "master", "memory", "mercury", "midnight", "miracle", "mirror", "moon", "morning",
	"mother", "mountain", "mystery", "neptune", "new", "night", "noble", "north", "ocean", "olympic",
	"orange", "orient", "oriental", "origin", "panda", "paradise", "passion", "peace", "pearl",
	"phoenix", "pioneer", "planet", "power", "premier", "pride", "prime", "prince", "princess",
	"progress", "queen", "rainbow", "rebel", "red", "river", "rose", "royal", "sea", "secret", "shadow",
	"shark", "shine", "silver", "sky", "smart", "solar", "south", "space", "spirit", "spring", "star",
	"stars", "stone", "storm", "story", "success", "summer", "sun", "sunlight", "sunrise", "sunset",
	"superior", "swift", "thunder", "tiger", "titan", "together", "tower", "treasure", "trinity",
	"triumph", "trust", "unity", "universal", "universe", "valley", "venture", "venus", "victoria",
	"victory", "virgo", "vision", "voyager", "warrior", "water", "west", "white", "wind", "winner",
	"winter", "wolf", "wonder", "yellow", "young", "zenith", "zero", "zodiac",
	NULL,
};

/* Forms of companies; they may be left out. */
static const char *const company_forms[] = {
	"ag", "as", "bhd", "bv", "co", "company", "corp", "corporation", "fze", "gmbh", "inc",
	"incorporated", "jsc", "kk", "kg", "liability", "limited", "llc", "llp", "ltd", "nv", "oao", "ooo", "pjsc",
	"plc", "pte", "pty", "pvt", "sa", "sarl", "sas", "sdn", "spa", "srl", "zao", NULL,
};

static bool listed_word(struct slice word, const char *const *list)
{
	for (; *list; list++)
		if (slice_is(word, *list))
			return true;
	return false;
}

bool word_is_common(struct slice word)
{
	return listed_word(word, common);
}

bool word_is_company_form(struct slice word)
{
	return listed_word(word, company_forms);
}
