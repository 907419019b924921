// driver.h: the compiler as a program: command line, build plan, cache, optimisation, link.
//
// Glossary
//   unit      a package to be compiled (driver/load)
//   artifact  what compiling a unit leaves in the cache: summary (.sum), object (.o), inline bundle
//   (.bc) key       content hash that names an artifact: the compiler, flags, sources, keys of what
//   is imported
//
// Files: main.c (commands), options.c (command line and the -d table), cmd_build.c cmd_escape.c
// cmd_env.c (a file a command), build.c (the plan: which units are compiled when), compile.c (one
// unit, in a forked child), cache.c (artifacts), opt.c (LLVM pipelines, emission), bundle.c (inline
// bundles), link.c (lld), linetab.c (line tables), dump.c (-d).
#ifndef GOC_DRIVER_H
#define GOC_DRIVER_H

#include "driver/load/load.h"
#include "driver/types/types.h"
#include <llvm-c/Core.h>
#include <llvm-c/TargetMachine.h>
#include <stdint.h>

// Stages that -d dumps; the bits of Options.dump.
typedef enum Dump {
  DUMP_TOKENS = 1 << 0,
  DUMP_AST = 1 << 1,
  DUMP_TYPES = 1 << 2,
  DUMP_IR = 1 << 3,
  DUMP_ESCAPE = 1 << 4,
  DUMP_OPT = 1 << 5,
  DUMP_ASM = 1 << 6,
  DUMP_VERIFY = 1 << 7, // not a dump: run the checkers of each stage
} Dump;

typedef struct Options {
  const char *command;     // "build", "run", …
  const char *out;         // -o
  bool compile_only;       // -c
  bool all_errors;         // -e
  int explain;             // -m: 1, -m=2: 2
  bool noinline_;          // -l
  bool verbose, trace;     // -v, -x
  int opt;                 // -O0 … -O3
  bool escape_off;         // -escape=off
  const char *escape_keep; // -d keep=NAME (test of the checker)
  unsigned dump;
  const char *dumpfunc[16]; // by bit: only this function; NULL: all
  int stats;                // -d escape=2
  int jobs;                 // -p
  const char **tags;
  int ntags;
  bool json;        // goc escape -json
  const char *html; // goc escape -html file
  // goc test
  const char *run, *bench, *count, *timeout; // regular expressions and numbers as given; NULL: not
  bool short_;
  const char **args; // packages or files; for run: the program's arguments follow in progargs
  int nargs;
  const char **progargs;
  int nprogargs;
} Options;

// ---- options.c
// Parses argv behind the command; usage errors print one line and exit with 2.
Options options_parse(Arena *a, const char *command, int argc, char **argv);
void options_usage(FILE *out);

// ---- cmd_*.c: exit statuses
int cmd_build(Arena *a, Options *o);
int cmd_run(Arena *a, Options *o);
int cmd_escape(Arena *a, Options *o);
int cmd_test(Arena *a, Options *o);
int cmd_env(Arena *a, int argc, char **argv);
int cmd_clean(Arena *a, int argc, char **argv);
int cmd_version(void);

// ---- build.c
typedef struct Artifact {
  const char *path;   // of the unit's package: "main" for a command
  const char *init;   // symbol of its initialiser, or NULL
  const char *object; // file
  const char *bundle; // file, or NULL
  bool has_main;      // declares main.main
  const char *leaks;  // text: symbol TAB summary NEWLINE …
  size_t leakslen;
  const char *sites; // text for goc escape, a line a site
  size_t siteslen;
} Artifact;

// What the driver keeps of a unit (Unit.user).
typedef struct Job {
  Unit *unit;
  Package *pkg;       // NULL until parsed
  const char *key;    // hex
  Artifact *artifact; // NULL until compiled or found in the cache
  bool parsed, embedded, running, failed;
  int pid;
} Job;

typedef struct Build {
  Arena *a;
  Options *opt;
  Loader *loader;
  UnitList units, named;
  const char *resdir; // where libgocrt.a and the overlay are
  bool testing;       // the program to link is a test's
} Build;

// Starts a build: resources, types, loader.
void build_init(Build *b, Arena *a, Options *o);
const char *
resource_dir(Arena *a); // build tree or <prefix>/lib/goc; fatal if neither has the runtime
// Loads and compiles all that the arguments need. false: errors were printed.
bool build_all(Build *b);
// Compiles b->units, in order. false: errors were printed.
bool build_units(Build *b);
static inline Job *job_of(Unit *u) {
  return u->user;
}

// ---- compile.c
// Compiles one unit whose imports have artifacts and whose trees are parsed; runs in a child
// process and returns its exit status.
int compile_unit(Build *b, Job *j);
// Parses and checks the unit, needing no artifacts; false: errors were printed.
bool check_unit(Build *b, Job *j);
// Reads the files that the unit's //go:embed directives name into its trees (Decl.embedded).
void embed_files(Build *b, Unit *u);
// Parses the unit's files and declares its objects; imports first.
void parse_unit(Build *b, Unit *u);

// ---- cache.c
// Makes a folder and those above it; false with errno. Changes path while it works.
bool make_dirs(char *path);
const char *cache_dir(Arena *a);
// Hex, 32 characters. Embedded files must have been read (embed_files).
const char *cache_key(Build *b, Unit *u);
const char *cache_path(Arena *a, const char *key, const char *suffix);
// Whether OBJKEY.o (and .bc, where there is one) are whole: cache_seal has noted their hashes.
bool cache_sealed(Build *b, const char *objkey, bool bundle);
void cache_seal(Build *b, const char *objkey, bool bundle);
Artifact *
cache_load(Build *b, Unit *u,
           const char *key); // NULL: not there, or damaged. Replays diagnostics of the unit.
// Writes the summary (last: it makes the artifact valid). notes: diag_save's text.
void cache_store(Build *b, Unit *u, const char *key, const Artifact *art, const char *objkey,
                 const char *notes, size_t notelen);
const char *hash_hex(Arena *a, const void *p, size_t n); // XXH3, 128 bits

// ---- opt.c
struct EscapeOptions;                       // pass/escape.h
LLVMTargetMachineRef opt_target(int level); // fatal if LLVM lacks it
void drop_to_memory(LLVMModuleRef m);       // drop.c: at -O0
void drop_near_gc(LLVMModuleRef m);         // … behind optimisation
// goc-promote among LLVM's passes at the given level; false: *message. notes: gets the lines of -m
// about what was inlined, or NULL.
bool opt_run(LLVMModuleRef m, LLVMTargetMachineRef tm, int level, const struct EscapeOptions *notes,
             char **message);
bool opt_emit(LLVMModuleRef m, LLVMTargetMachineRef tm, LLVMCodeGenFileType kind,
              LLVMMemoryBufferRef *out, char **message);
void opt_write_object(LLVMModuleRef m, LLVMTargetMachineRef tm,
                      const char *path); // fatal if it cannot be written

// ---- bundle.c
LLVMMemoryBufferRef
bundle_make(LLVMModuleRef m); // bitcode of what importers may inline; NULL: nothing.
                              // What it names becomes weak_odr in m: it must stay in the object
// Links into m the bundles of the packages that m calls, directly or through what was linked; they
// are among those that u depends on.
void bundle_link(LLVMModuleRef m, Arena *a, const Unit *u);

// ---- link.c
// Links the program of all units to b->opt->out (or `out`); false: printed.
bool link_program(Build *b, const char *out);

// ---- linetab.c
// Appends the table of functions and lines (runtime/linetab.h) and strips DWARF; false: *message,
// the file is unusable.
bool linetab_append(const char *exe, char **message);

// ---- dump.c
// Titles stand over dumps when there is more than one: a single dump is plain text that opt-19 and
// llc-19 read.
void dump_titles(bool on);
void dump_title(const char *what, const Unit *u);
void dump_module(const char *title, Unit *u, LLVMModuleRef m, const char *func);
void dump_types(FILE *out, Package *p);

#endif
