// loadint.h: what the files of driver/load share.
#ifndef GOC_LOADINT_H
#define GOC_LOADINT_H

#include "load.h"

typedef struct Replace {
  const char *path, *version, *newpath, *newversion;
} Replace; // versions may be NULL

// A go.mod file.
typedef struct Module {
  const char *path, *dir;
  const char *goversion; // "go1.22"
  Map *required;         // path -> version
  VEC(Replace) replaces;
} Module;

struct Loader {
  Unit *ext; // package P_test of the package under test; NULL: none
  Arena *a;
  LoadOptions opt;
  const char *goroot;
  const char *cwd;
  Module *mod; // main module, NULL outside of one
  const char *modcache;
  const char *vendor; // folder "vendor" of the main module if there is one
  Map *units;         // by import path
  UnitList order;
  Map *overlay;       // import path -> Overlay *
  const char *gopath; // folders separated by ':', for GO111MODULE=off; NULL otherwise
};

// A row of overlay.txt.
typedef struct Overlay {
  const char *dir;
  bool whole;
} Overlay;

// Where a package stands.
typedef struct Place {
  const char *dir;
  const char *path; // import path, perhaps "vendor/…"
  const char *goversion;
  bool is_std;
} Place;

// ---- module.c
const char *find_goroot(Arena *a, const char *given);
Module *module_find(Arena *a,
                    const char *dir); // go.mod there or above; NULL: none. Errors are queued.
// Where the package `path` imported by `from` (NULL: the command line) stands. false: not found,
// *why says it in the go command's words.
bool module_locate(Loader *l, const Unit *from, const char *path, Place *out, const char **why);

// ---- files.c
// Fills files, name and goversion of files. names: the files to take, or NULL: those of u->dir that
// the constraints admit.
void unit_files(Loader *l, Unit *u, const char **names, int nnames);
// The _test.go files of u->dir that the constraints admit.
void unit_test_files(Loader *l, Unit *u);
const char *shown_name(Loader *l, const char *path);

// ---- testload.c
// Adds the package's own test files to u and makes the units of P_test (NULL: none) and of the main
// package that runs them all.
Unit *unit_with_tests(Loader *l, Unit *u, Unit **ext, bool *any);

#endif
