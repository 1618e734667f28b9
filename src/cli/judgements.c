/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/judgements.h"

#include <jansson.h>
#include <string.h>

#include "casefile/casefile.h"

#define WIDTH 88u

/* Foreign text in a finding is harmless already; it is wrapped at blanks. */
static void print_wrapped(FILE *out, const char *first, const char *rest, const char *text)
{
	size_t column = strlen(first);

	(void)fputs(first, out);
	for (const char *word = text; *word;) {
		const size_t n = strcspn(word, " ");

		if (word != text && column + 1 + n > WIDTH) {
			(void)fprintf(out, "\n%s", rest);
			column = strlen(rest);
		} else if (word != text) {
			(void)fputc(' ', out);
			column++;
		}
		(void)fprintf(out, "%.*s", (int)n, word);
		column += n;
		word += n;
		while (*word == ' ')
			word++;
	}
	(void)fputc('\n', out);
}

struct printing {
	FILE *out;
	unsigned *n;
};

static int print_claim(const struct finding *f, void *data)
{
	const struct printing *p = data;
	json_t *values = json_loads(f->data, 0, NULL);
	const char *confidence = json_string_value(json_object_get(values, "confidence"));
	char first[16];

	(void)snprintf(first, sizeof first, "%3u. ", ++*p->n);
	print_wrapped(p->out, first, "     ", f->value);
	if (confidence && *confidence)
		(void)fprintf(p->out, "     Confidence in this judgement is %s.\n", confidence);
	json_decref(values);
	return 0;
}

int judgements_print(struct casefile *cf, FILE *out, unsigned *n, struct err *err)
{
	const struct finding_filter filter = { .kind = "assess.claim" };
	struct printing printing = { out, n };

	*n = 0;
	return findings_each(cf, &filter, print_claim, &printing, err);
}
