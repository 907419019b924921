// load.h: import paths and files in, packages with their files, imports and places in order of
// dependency out.
//
// Glossary
//   unit       a package to be compiled: its files, what it imports, where it stands
//   overlay    goc's own Go files (runtime/go/overlay.txt) that replace or join files of a package
//   of GOROOT shown name what messages call a file: relative to the working folder, as
//   the go command prints it
//
// Files: load.c (import graph), module.c (GOROOT, go.mod, vendor, module cache), files.c (which
// files a package has), constraint.c (file names and
// //go:build), embed.c (//go:embed), testload.c
// (packages with their tests).
#ifndef GOC_LOAD_H
#define GOC_LOAD_H

#include "driver/syntax/syntax.h"

typedef struct Unit Unit;

typedef struct UnitFile {
  const char *path;  // "" for a file that load makes itself (GOROOT of golang-1.23-src lacks some)
  const char *shown; // name in messages
  const char *src;   // contents, NUL-terminated
  size_t len;        // bytes
  const char *goversion; // of its //go:build line: "go1.21"; NULL: that of the unit
  File *tree;            // set by the driver when it parses the file
} UnitFile;

typedef struct UnitImport {
  const char *path; // as written
  Unit *unit;       // NULL for "unsafe"
} UnitImport;

struct Unit {
  const char *path;  // import path
  const char *shown; // as in "# command-line-arguments"
  const char *dir;
  Atom name;             // of the package clauses
  const char *goversion; // "go1.22" of its go.mod; "go1.23" if there is none
  bool is_std;
  bool is_named; // given on the command line
  bool has_asm;  // there are .s files: functions without body are allowed
  VEC(UnitFile *) files;
  VEC(UnitImport) imports; // each path once, sorted
  int state;               // of the walk: 0 new, 1 on the path, 2 done
  Unit *parent;            // who imported it, while on the path
  void *user;              // the driver's
};
typedef VEC(Unit *) UnitList;

typedef struct LoadOptions {
  const char *goroot;  // NULL: $GOROOT, else where Debian has it
  const char *overlay; // folder with overlay.txt; NULL: none
  const char **tags;   // of -tags
  int ntags;
  bool compile_only; // -c
} LoadOptions;

typedef struct Loader Loader;
// Never NULL; a GOROOT that is missing or of another version is fatal (one line).
Loader *load_new(Arena *a, const LoadOptions *opt);
const char *load_goroot(const Loader *l);
const char *load_modroot(const Loader *l); // folder of the main go.mod, or NULL
// Loads what the arguments name: .go files (one package of them all), folders ("./x", "."), import
// paths, patterns ("./...", "std"). Errors are queued in diag or printed as the go command does.
// named: the units of the arguments; the result: all units, package runtime with what it needs
// among them, imports before importers, ties by import path.
UnitList load_packages(Loader *l, const char **args, int nargs, UnitList *named);

// The units that arguments name, without what they import (goc test).
UnitList load_names(Loader *l, const char **args, int nargs);
// One package with its tests (a loader of its own): all units in order; *main is the package that
// runs the tests, *any false: there are none.
UnitList load_test(Loader *l, Unit *u, Unit **main, bool *any);

bool is_dir(const char *path);

// ---- constraint.c
typedef bool (*TagFn)(void *ctx, const char *tag);
// Whether a file of that name belongs to linux/`arch` ("amd64", or a name that no file has:
// architecture-free selection).
bool constraint_file_name(const char *name, const char *arch);
// Evaluates the //go:build line in front of the package clause, true if there is none. *minor gets
// N if go1.N is implied, else 0.
bool constraint_file(const char *src, size_t len, TagFn tag, void *ctx, int *minor);

// ---- embed.c
// The files that patterns name, relative to the package's folder, in order of the patterns; errors
// are queued at the pattern.
EmbedFiles embed_resolve(Arena *a, const char *dir, const EmbedList *patterns);

#endif
