/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The productions.  Four are real: the public reporting of the case named
 * them.  Those marked "invented" exist nowhere; `source` says which is which.
 */
#include "lab.h"

#include <stdio.h>
#include <string.h>

#define REPORTED "named in public reporting of the 2024 case"
#define INVENTED "xsheet-lab, invented"

const struct title case_titles[] = {
	{ "invincible", "Invincible", "en", "Invincible Season 3 | INVINCIBLE S3 | Viltrumite Pants LLC", "INV",
	  "series", REPORTED, TITLE_WORK, "INVINCIBLE S3", "Viltrumite Pants LLC", 3, 305 },
	{ "iyanu", "Iyanu", "en", "Iyanu: Child of Wonder | Lion Forge Animation", "IYA",
	  "series", REPORTED, TITLE_WORK, NULL, NULL, 1, 104 },
	{ "dahlia", "魔導具師ダリヤはうつむかない", "ja", "Dahlia in Bloom | Madougushi Dahliya wa Utsumukanai", "DHL",
	  "series", REPORTED, TITLE_WORK, NULL, NULL, 1, 5 },
	{ "paper-lantern", "Paper Lantern Express", "en", "纸灯笼快车 | Lanternfold Pictures Ltd", "PLX",
	  "series", INVENTED, TITLE_WORK, "PAPER LANTERN EXPRESS", NULL, 1, 12 },
	{ "comet-gardeners", "彗星园丁", "zh", "Comet Gardeners | Studio Halfmoon Kite", "CMG",
	  "series", INVENTED, TITLE_WORK, "COMET GARDENERS", NULL, 1, 7 },
	{ "octonauts", "Octonauts", "en", "The Octonauts", "OCTN", "series", REPORTED, TITLE_FILM, NULL, NULL, 0, 0 },
	{ 0 },
};

const struct title control_titles[] = {
	{ "moonlight-post", "달빛 우체국", "ko", "Moonlight Post Office | Haneulbyeol Studio | 하늘별 스튜디오", "MPO",
	  "series", INVENTED, TITLE_WORK, "MOONLIGHT POST OFFICE", "Haneulbyeol Studio", 1, 3 },
	{ 0 },
};

/* In the catalogue, never on the server. */
const struct title decoy_titles[] = {
	{ "cat", "Cat", "en", "", "CAT", "short", REPORTED, TITLE_DECOY, NULL, NULL, 0, 0 },
	{ "harbor-of-glass", "Harbor of Glass", "en", "유리항구", "HGL", "series", INVENTED, TITLE_DECOY, NULL, NULL, 0, 0 },
	{ "stardust-library", "星屑図書館", "ja", "Stardust Library", "STL", "series", INVENTED, TITLE_DECOY, NULL, NULL, 0, 0 },
	{ "moon-rabbit", "月兔信使", "zh", "Moon Rabbit Courier", "MRC", "film", INVENTED, TITLE_DECOY, NULL, NULL, 0, 0 },
	{ "zigzag-quarry", "Zigzag Quarry", "en", "", "ZQX", "series", INVENTED, TITLE_DECOY, NULL, NULL, 0, 0 },
	{ 0 },
};

int title_works(bool control)
{
	const struct title *list = control ? control_titles : case_titles;
	int n = 0;

	while (list[n].id != NULL && list[n].role == TITLE_WORK)
		n++;
	return n;
}

const struct title *title_work(bool control, int nth)
{
	return &(control ? control_titles : case_titles)[nth % title_works(control)];
}

static void rows(struct bytes *out, const struct title *list)
{
	for (const struct title *t = list; t->id != NULL; t++)
		bytes_addf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t->id, t->name, t->lang, t->aliases,
			   t->code, t->kind, t->source);
}

/* The catalogue a studio or a researcher would bring: everything, on both kinds of server. */
void titles_write(struct lab *lab)
{
	struct bytes out = { 0 };

	bytes_text(&out, "id\ttitle\tlang\taliases\tcode\tkind\tsource\n");
	rows(&out, case_titles);
	rows(&out, control_titles);
	rows(&out, decoy_titles);
	write_file(keepf("%s/titles.tsv", lab->dir), out.data, out.len, 0);
	bytes_done(&out);
}
