// typeutil.h: checks Go source text in unit tests of driver/types.
#ifndef GOC_TEST_TYPEUTIL_H
#define GOC_TEST_TYPEUTIL_H

#include "driver/types/check.h"
#include "driver/types/core.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static Package *importer(void *ctx, Package *from, const char *path, Pos pos) {
  (void)ctx, (void)from, (void)pos;
  return strcmp(path, "unsafe") == 0 ? unsafe_package : NULL;
}

// Checks src as package main. Errors stay in the queue.
static Package *check_source(const char *src) {
  types_init(arena_new());
  Package *p = package_new("main", atom("main"));
  p->import = importer;
  vec_push(types_arena, &p->files, parse_file(types_arena, "x.go", src, strlen(src)));
  check_collect(p);
  check_package(p);
  check_set_env(checker, (Env){.pkg = p});
  return p;
}

static Object *object_named(Package *p, const char *name) {
  Object *o = scope_lookup(p->scope, atom(name));
  ck_assert_msg(o != NULL, "no object %s", name);
  check_object(o);
  return o;
}

static inline Type *type_of(Package *p, const char *name) {
  return object_named(p, name)->type;
}

// Prints the queued errors and fails if there are any.
static inline void no_errors(void) {
  if (diag_count() > 0) {
    diag_flush(stderr);
    ck_abort_msg("unexpected errors");
  }
}

#endif
