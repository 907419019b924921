// options.c: the command line: the go command's flags, short forms of -gcflags, and the table of
// -d.
#include "driver.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What -d knows, in the order of the pipeline.
static const struct {
  const char *name;
  unsigned bit;
  const char *help;
} dumps[] = {
    {"tokens", DUMP_TOKENS, "the tokens of each file"},
    {"ast", DUMP_AST, "the syntax trees"},
    {"types", DUMP_TYPES,
     "every package-level object with its type, and constants with their values"},
    {"ir", DUMP_IR, "LLVM IR as irgen emits it: every allocation is an alloca"},
    {"escape", DUMP_ESCAPE, "LLVM IR after goc-escape (=2: with statistics)"},
    {"opt", DUMP_OPT, "LLVM IR after optimisation"},
    {"asm", DUMP_ASM, "assembly"},
    {"verify", DUMP_VERIFY, "check the result of each stage"},
};

static NORETURN void usage_error(const char *fmt, const char *arg) {
  fprintf(stderr, "goc: ");
  fprintf(stderr, fmt, arg);
  fprintf(stderr, "\n");
  exit(2);
}

void options_usage(FILE *out) {
  fputs("goc compiles Go programs to native code.\n\n"
        "usage: goc build [flags] [packages | files.go]       compile, link to -o\n"
        "       goc run   [flags] package | files.go [args]   compile and run\n"
        "       goc test  [-run re] [-v] [-bench re] [-count n] [-short] [-timeout d] [packages]\n"
        "       goc escape [-json] [-html file] [packages]    where every value lives, and why\n"
        "       goc version | env [names] | clean | help\n\n"
        "flags: -o out  -c (no link)  -e (all errors)  -m[=2] (escape decisions)  -l (no inlining) "
        " -v  -x  -p n  -tags list\n"
        "       -O0 -O1 -O2 -O3  -escape=off  -gcflags '…'  -d stage[=function],… (-d help lists "
        "them)\n",
        out);
}

static void dump_help(void) {
  for (size_t i = 0; i < LEN(dumps); i++)
    printf("  %-12s %s\n", dumps[i].name, dumps[i].help);
  printf("  %-12s %s\n", "keep=x",
         "no dump: variables x stay on the stack although they escape (a test of checkescape)");
  exit(0);
}

static void parse_dump(Arena *a, Options *o, const char *list) {
  char *s = arena_strdup(a, list);
  for (char *item = strtok(s, ","); item; item = strtok(NULL, ",")) {
    char *value = strchr(item, '=');
    if (value)
      *value++ = 0;
    if (!strcmp(item, "help"))
      dump_help();
    if (!strcmp(item, "keep") && value) {
      o->escape_keep = value;
      continue;
    }
    size_t i = 0;
    while (i < LEN(dumps) && strcmp(item, dumps[i].name))
      i++;
    if (i == LEN(dumps))
      usage_error("unknown stage %s for -d (-d help lists them)", item);
    o->dump |= dumps[i].bit;
    if (value && dumps[i].bit == DUMP_ESCAPE && strlen(value) == 1 && strchr("12", *value))
      o->stats = atoi(value);
    else if (value)
      o->dumpfunc[i] = value;
  }
}

// The compiler's own flags, which -gcflags may carry too. false: not one of them.
static bool compiler_flag(Options *o, const char *f) {
  if (!strcmp(f, "-e"))
    o->all_errors = true;
  else if (!strcmp(f, "-m"))
    o->explain++;
  else if (!strncmp(f, "-m=", 3))
    o->explain = atoi(f + 3);
  else if (!strcmp(f, "-l") || !strcmp(f, "-l=1") || !strcmp(f, "-l=4"))
    o->noinline_ = true;
  else if (!strcmp(f, "-N"))
    o->opt = 0;
  else
    return false;
  return true;
}

static void gcflags(Arena *a, Options *o, const char *value) {
  char *s = arena_strdup(a, value);
  char *eq = strchr(s, '=');
  if (eq && s[0] != '-') // pattern=flags
    s = eq + 1;
  for (char *f = strtok(s, " "); f; f = strtok(NULL, " "))
    if (!compiler_flag(o, f))
      usage_error("-gcflags: flag %s is not supported by goc", f);
}

static void split_tags(Arena *a, Options *o, const char *value) {
  char *s = arena_strdup(a, value);
  o->tags = NEW_ARRAY(a, const char *, strlen(s) + 1);
  for (char *t = strtok(s, ", "); t; t = strtok(NULL, ", "))
    o->tags[o->ntags++] = t;
}

// The value of -name=v or -name v.
static const char *flag_value(const char *arg, const char *name, int argc, char **argv, int *i) {
  size_t n = strlen(name);
  if (!strncmp(arg, name, n) && arg[n] == '=')
    return arg + n + 1;
  if (strcmp(arg, name))
    return NULL;
  if (*i + 1 >= argc)
    usage_error("flag needs an argument: %s", name);
  return argv[++*i];
}

static bool valued_flag(Arena *a, Options *o, const char *arg, int argc, char **argv, int *i) {
  const char *v;
  if ((v = flag_value(arg, "-o", argc, argv, i)))
    o->out = *v ? v : NULL;
  else if ((v = flag_value(arg, "-d", argc, argv, i)))
    parse_dump(a, o, v);
  else if ((v = flag_value(arg, "-gcflags", argc, argv, i)))
    gcflags(a, o, v);
  else if ((v = flag_value(arg, "-tags", argc, argv, i)))
    split_tags(a, o, v);
  else if ((v = flag_value(arg, "-p", argc, argv, i)))
    o->jobs = atoi(v) > 0 ? atoi(v) : 1;
  else if ((v = flag_value(arg, "-html", argc, argv, i)))
    o->html = v;
  else if (strcmp(o->command, "test"))
    return false;
  else if ((v = flag_value(arg, "-run", argc, argv, i)))
    o->run = v;
  else if ((v = flag_value(arg, "-bench", argc, argv, i)))
    o->bench = v;
  else if ((v = flag_value(arg, "-count", argc, argv, i)))
    o->count = v;
  else if ((v = flag_value(arg, "-timeout", argc, argv, i)))
    o->timeout = v;
  else
    return false;
  return true;
}

static bool plain_flag(Options *o, const char *arg) {
  if (!strcmp(arg, "-c"))
    o->compile_only = true;
  else if (!strcmp(arg, "-v"))
    o->verbose = true;
  else if (!strcmp(arg, "-x"))
    o->trace = true;
  else if (!strncmp(arg, "-O", 2) && arg[2] >= '0' && arg[2] <= '3' && !arg[3])
    o->opt = arg[2] - '0';
  else if (!strcmp(arg, "-escape=off"))
    o->escape_off = true;
  else if (!strcmp(arg, "-escape=on"))
    o->escape_off = false;
  else if (!strcmp(arg, "-json"))
    o->json = true;
  else if (!strcmp(arg, "-short") && !strcmp(o->command, "test"))
    o->short_ = true;
  else
    return compiler_flag(o, arg);
  return true;
}

// GOFLAGS: flags of every command line, which come before those given; each is -flag or
// -flag=value.
static void env_flags(Arena *a, Options *o) {
  const char *env = getenv("GOFLAGS");
  char *save = NULL;
  for (char *f = strtok_r(arena_strdup(a, env ? env : ""), " \t\n", &save); f;
       f = strtok_r(NULL, " \t\n", &save)) {
    char *arg = f[0] == '-' && f[1] == '-' ? f + 1 : f;
    int none = 0;
    if (arg[0] != '-' || !arg[1])
      fatal("parsing $GOFLAGS: non-flag \"%s\"", f);
    if (!plain_flag(o, arg) && !(strchr(arg, '=') && valued_flag(a, o, arg, 0, NULL, &none)))
      fatal("parsing $GOFLAGS: flag %s is not supported by goc", f);
  }
}

Options options_parse(Arena *a, const char *command, int argc, char **argv) {
  Options o = {.command = command, .opt = 2};
  o.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
  env_flags(a, &o);
  int i = 0;
  for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
    char *arg = argv[i][1] == '-' && argv[i][2] ? argv[i] + 1 : argv[i]; // --flag is -flag
    if (!strcmp(arg, "--")) {
      i++;
      break;
    }
    if (!strcmp(arg, "-h") || !strcmp(arg, "-help")) {
      options_usage(stdout);
      exit(0);
    }
    if (!plain_flag(&o, arg) && !valued_flag(a, &o, arg, argc, argv, &i))
      usage_error("flag provided but not defined: %s (goc help lists the flags)", arg);
  }
  o.args = (const char **)(argv + i);
  o.nargs = argc - i;
  if (!strcmp(command, "run")) {
    int n = 0; // files, or one package
    while (n < o.nargs && strlen(o.args[n]) > 3 &&
           !strcmp(o.args[n] + strlen(o.args[n]) - 3, ".go"))
      n++;
    if (!n && o.nargs)
      n = 1;
    o.progargs = o.args + n;
    o.nprogargs = o.nargs - n;
    o.nargs = n;
  }
  return o;
}
