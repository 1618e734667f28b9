/* SPDX-License-Identifier: Apache-2.0 */
/* truth.json: what a perfect reader of the server and its logs would know. README.md describes it. */
#include "lab.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lab_pair(struct lab *lab, struct pair pair)
{
	lab->pairs = keep_grow(lab->pairs, lab->pairs_count, &lab->pairs_cap, sizeof *lab->pairs);
	lab->pairs[lab->pairs_count++] = pair;
}

struct login *lab_login(struct lab *lab, bool success, struct login login)
{
	struct login **list = success ? &lab->logins : &lab->failed;
	size_t *count = success ? &lab->logins_count : &lab->failed_count;
	size_t *cap = success ? &lab->logins_cap : &lab->failed_cap;

	*list = keep_grow(*list, *count, cap, sizeof **list);
	(*list)[*count] = login;
	return &(*list)[(*count)++];
}

void lab_actor(struct lab *lab, const struct session *s)
{
	for (size_t i = 0; i < lab->actors_count; i++)
		if (strcmp(lab->actors[i].actor, s->actor) == 0 && strcmp(lab->actors[i].address, s->address) == 0)
			return;
	lab->actors = keep_grow(lab->actors, lab->actors_count, &lab->actors_cap, sizeof *lab->actors);
	lab->actors[lab->actors_count++] = *s;
}

static json_t *must(json_t *j)
{
	if (j == NULL)
		fatal("cannot build truth.json: out of memory, or text that is not UTF-8");
	return j;
}

static void set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, must(value)) < 0)
		fatal("cannot build truth.json: out of memory");
}

static void add(json_t *array, json_t *value)
{
	if (json_array_append_new(array, must(value)) < 0)
		fatal("cannot build truth.json: out of memory");
}

static json_t *text(const char *s)
{
	return s != NULL ? json_string(s) : json_null();
}

static json_t *moment(time_t t)
{
	char when[32];

	if (t == 0)
		return json_null();
	format_utc(t, when);
	return json_string(when);
}

static json_t *texts(const char **list, size_t count)
{
	json_t *a = must(json_array());

	for (size_t i = 0; i < count; i++)
		add(a, json_string(list[i]));
	return a;
}

static json_t *days(struct lab *lab)
{
	json_t *all = must(json_array());

	for (int i = 1; i <= lab->days_count; i++) {
		struct day *d = &lab->days[i];
		json_t *o = must(json_object());

		set(o, "day", json_integer(i));
		set(o, "date", json_string(d->date));
		set(o, "files", json_integer((json_int_t)d->files));
		set(o, "new", texts(d->added, d->added_count));
		set(o, "changed", texts(d->changed, d->changed_count));
		set(o, "vanished", texts(d->vanished, d->vanished_count));
		set(o, "log_lines", json_integer((json_int_t)d->requests_count));
		set(o, "odd_lines", json_integer((json_int_t)d->odd_lines));
		set(o, "workers_rest", json_boolean(d->workers_rest));
		set(o, "office_rest", json_boolean(d->office_rest));
		add(all, o);
	}
	return all;
}

static json_t *files(struct lab *lab)
{
	json_t *all = must(json_array());

	for (size_t i = 0; i < lab->entries_count; i++) {
		const struct entry *e = lab->entries[i];
		json_t *o = must(json_object()), *versions = must(json_array());

		set(o, "path", json_string(e->path));
		set(o, "kind", json_string(e->kind));
		set(o, "title", text(e->title ? e->title->id : NULL));
		set(o, "stage", text(e->stage));
		set(o, "by", text(e->by));
		set(o, "first_day", json_integer(e->first_day));
		set(o, "last_day", e->last_day ? json_integer(e->last_day) : json_null());
		for (size_t k = 0; k < e->versions_count; k++) {
			json_t *v = must(json_object());

			set(v, "day", json_integer(e->versions[k].day));
			set(v, "sha256", json_string(e->versions[k].sha256));
			set(v, "size", json_integer((json_int_t)e->versions[k].size));
			set(v, "mtime", moment(e->versions[k].time));
			add(versions, v);
		}
		set(o, "versions", versions);
		add(all, o);
	}
	return all;
}

static json_t *box(struct box b)
{
	return json_pack("[i,i,i,i]", b.x, b.y, b.w, b.h);
}

static json_t *pairs(struct lab *lab)
{
	json_t *all = must(json_array());

	for (size_t i = 0; i < lab->pairs_count; i++) {
		const struct pair *p = &lab->pairs[i];
		json_t *o = must(json_object());

		set(o, "path", json_string(p->path));
		set(o, "where", json_string(p->where));
		set(o, "zh", json_string(p->zh));
		set(o, "ko", json_string(p->ko));
		if (p->locator != NULL)
			set(o, "locator", json_string(p->locator));
		if (p->font_zh != NULL) {
			set(o, "zh_box", box(p->zh_box));
			set(o, "ko_box", box(p->ko_box));
			set(o, "font_zh", json_string(p->font_zh));
			set(o, "font_ko", json_string(p->font_ko));
			set(o, "px", json_integer(p->px));
			set(o, "over_art", json_boolean(p->over_art));
		}
		add(all, o);
	}
	return all;
}

static json_t *logins(const struct login *list, size_t count)
{
	json_t *all = must(json_array());

	for (size_t i = 0; i < count; i++) {
		const struct login *l = &list[i];
		json_t *o = must(json_object());

		set(o, "time", moment(l->time));
		set(o, "address", json_string(l->address));
		set(o, "day", json_integer(l->day));
		set(o, "line", json_integer(l->line));
		set(o, "country", json_string(l->country));
		set(o, "asn", json_integer(l->asn));
		set(o, "class", json_string(l->kind));
		if (l->label != NULL)
			set(o, "label", json_string(l->label));
		set(o, "actor", json_string(l->actor));
		set(o, "user_agent", json_string(l->agent));
		add(all, o);
	}
	return all;
}

/* VPN logins under "vpn", the others under their country. */
static json_t *login_counts(struct lab *lab)
{
	json_t *o = must(json_object());

	set(o, "total", json_integer((json_int_t)lab->logins_count));
	set(o, "vpn", json_integer(0));
	for (size_t i = 0; i < lab->logins_count; i++) {
		const struct login *l = &lab->logins[i];
		const char *key = strcmp(l->kind, "vpn-brand") == 0 ? "vpn" : l->country;

		set(o, key, json_integer(json_integer_value(json_object_get(o, key)) + 1));
	}
	return o;
}

static json_t *legs(struct lab *lab, const struct title *t)
{
	json_t *a = must(json_array());
	bool in_name = false;

	for (size_t i = 0; i < lab->entries_count && !in_name; i++)
		in_name = lab->entries[i]->title == t && t->role == TITLE_WORK;
	if (in_name)
		add(a, json_sprintf("code '%s' in path names", t->code));
	if (t->role == TITLE_FILM)
		add(a, json_sprintf("name in a path: %s", "ref/film/Octonauts_S05E12_final.mp4"));
	if (t->header != NULL)
		add(a, json_sprintf("sheet header: %s", t->header));
	if (t->owner != NULL)
		add(a, json_sprintf("sheet header: %s", t->owner));
	for (size_t i = 0; i < lab->entries_count; i++) {
		const struct entry *e = lab->entries[i];

		if (e->title == t && e->maker == MAKE_BRIEF)
			add(a, json_sprintf("docx: %s", e->path));
		if (e->title == t && e->maker == MAKE_TIMESHEET)
			add(a, json_sprintf("xlsx: %s", e->path));
		if (e->maker == MAKE_TEXT && strstr(e->text, t->name) != NULL)
			add(a, json_sprintf("txt: %s", e->path));
	}
	return a;
}

static json_t *titles(struct lab *lab)
{
	json_t *all = must(json_array());

	for (const struct title *t = lab->control ? control_titles : case_titles; t->id != NULL; t++) {
		json_t *o = must(json_object());

		set(o, "id", json_string(t->id));
		set(o, "title", json_string(t->name));
		set(o, "code", json_string(t->code));
		set(o, "expect", json_string(t->role == TITLE_WORK ? "claim" : "lead"));
		set(o, "legs", legs(lab, t));
		add(all, o);
	}
	return all;
}

static json_t *names(struct lab *lab)
{
	json_t *all = must(json_array());

	for (size_t i = 0; i < lab->entries_count; i++) {
		const struct entry *e = lab->entries[i];

		if (e->maker == MAKE_PAYMENT)
			add(all, json_pack("{s:s,s:s,s:i,s:s,s:s}", "name", "NINGS CARTOON STUDIO", "list", "OFAC SDN",
					   "entry", 34023, "path", e->path, "as", "exact, payee"));
		if (e->maker == MAKE_CONTRACT)
			add(all, json_pack("{s:s,s:s,s:i,s:s,s:s}", "name", "Shanghai Hongman Cartoon and Animation Design Studio",
					   "list", "OFAC SDN", "entry", 34025, "path", e->path, "as", "other letter case"));
	}
	return all;
}

static json_t *relay(struct lab *lab)
{
	json_t *all = must(json_array()), *o;

	for (size_t i = 0; i < lab->relays_count; i++) {
		const struct relay *r = &lab->relays[i];

		o = must(json_object());
		set(o, "path", json_string(r->path));
		set(o, "put_time", moment(r->put_time));
		set(o, "by", json_string(r->by));
		set(o, "fetched_by", text(r->fetched_by));
		set(o, "fetch_time", moment(r->fetch_time));
		set(o, "answer_path", text(r->answer_path));
		set(o, "answer_time", moment(r->answer_time));
		add(all, o);
	}
	o = must(json_object());
	set(o, "instructions", all);
	return o;
}

/* Who used which addresses, as far as they asked for anything. */
static json_t *actors(struct lab *lab)
{
	json_t *o = must(json_object());

	for (size_t i = 0; i < lab->actors_count; i++) {
		const struct session *s = &lab->actors[i];
		json_t *list = json_object_get(o, s->actor), *a;

		if (list == NULL) {
			list = must(json_array());
			set(o, s->actor, list);
		}
		a = must(json_object());
		set(a, "address", json_string(s->address));
		set(a, "country", json_string(s->country));
		set(a, "asn", json_integer(s->asn));
		add(list, a);
	}
	return o;
}

void truth_write(struct lab *lab)
{
	json_t *o = must(json_object());
	char *out;

	set(o, "synthetic", json_true());
	set(o, "made_by", json_string("xsheet-lab"));
	set(o, "seed", json_integer((json_int_t)lab->seed));
	set(o, "control", json_boolean(lab->control));
	set(o, "start", json_string(lab->days[1].date));
	set(o, "zone", json_string("+0900"));
	set(o, "days", days(lab));
	set(o, "files", files(lab));
	set(o, "pairs", pairs(lab));
	set(o, "login_counts", login_counts(lab));
	set(o, "logins", logins(lab->logins, lab->logins_count));
	set(o, "failed_logins", logins(lab->failed, lab->failed_count));
	set(o, "titles", titles(lab));
	set(o, "names", names(lab));
	set(o, "relay", relay(lab));
	set(o, "actors", actors(lab));
	out = json_dumps(o, JSON_INDENT(1) | JSON_SORT_KEYS);
	if (out == NULL)
		fatal("cannot build truth.json");
	write_file(keepf("%s/truth.json", lab->dir), out, strlen(out), 0);
	free(out);
	json_decref(o);
}
