// link.c: objects, the table of initialisers and the runtime to an executable, by lld.
#include "driver.h"
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

typedef VEC(const char *) Args;

static void add_text(LLVMModuleRef m, LLVMContextRef ctx, const char *name, const char *text) {
  LLVMValueRef s = LLVMConstStringInContext(ctx, text, (unsigned)strlen(text), 0);
  LLVMValueRef g = LLVMAddGlobal(m, LLVMTypeOf(s), name);
  LLVMSetInitializer(g, s);
  LLVMSetGlobalConstant(g, 1);
}

// The first line of GOROOT's VERSION: what runtime.Version returns.
static const char *go_version(Arena *a, const char *goroot) {
  const char *const names[] = {arena_printf(a, "%s/VERSION", goroot), "/usr/lib/go-1.23/VERSION"};
  for (size_t i = 0; i < LEN(names); i++) {
    size_t n;
    char *text = file_read(names[i], &n);
    if (!text)
      continue;
    const char *v = arena_strndup(a, text, strcspn(text, "\n"));
    free(text);
    if (!strncmp(v, "go1.23", 6))
      return v;
  }
  return "go1.23";
}

// The object that names every initialiser in order, and main.main (docs/abi.md, Initialisation).
static void main_object(Build *b, const char *path) {
  LLVMTargetMachineRef tm = opt_target(0);
  LLVMContextRef ctx = LLVMContextCreate();
  LLVMModuleRef m = LLVMModuleCreateWithNameInContext("goc.main", ctx);
  LLVMSetTarget(m, "x86_64-unknown-linux-gnu");
  LLVMTypeRef ptr = LLVMPointerTypeInContext(ctx, 0), word = LLVMInt64TypeInContext(ctx);
  LLVMTypeRef fn = LLVMFunctionType(LLVMVoidTypeInContext(ctx), NULL, 0, 0);
  VEC(LLVMValueRef) inits = {0};
  for (int i = 0; i < b->units.n; i++) {
    Artifact *art = job_of(b->units.v[i])->artifact;
    if (art->init) {
      LLVMValueRef f = LLVMAddFunction(m, art->init, fn);
      LLVMSetVisibility(f, LLVMHiddenVisibility);
      vec_push(b->a, &inits, f);
    }
  }
  LLVMTypeRef table = LLVMArrayType2(ptr, (uint64_t)inits.n);
  LLVMValueRef g = LLVMAddGlobal(m, table, "goc_inittab");
  LLVMSetInitializer(g, LLVMConstArray2(ptr, inits.v, (uint64_t)inits.n));
  g = LLVMAddGlobal(m, word, "goc_ninit");
  LLVMSetInitializer(g, LLVMConstInt(word, (uint64_t)inits.n, 0));
  LLVMValueRef f = LLVMAddFunction(m, "main.main", fn);
  LLVMSetVisibility(f, LLVMHiddenVisibility);
  g = LLVMAddGlobal(m, ptr, "goc_mainmain");
  LLVMSetInitializer(g, f);
  g = LLVMAddGlobal(m, LLVMInt8TypeInContext(ctx), "goc_testing");
  LLVMSetInitializer(g, LLVMConstInt(LLVMInt8TypeInContext(ctx), b->testing, 0));
  add_text(m, ctx, "goc_goroot", load_goroot(b->loader));
  add_text(m, ctx, "goc_version", go_version(b->a, load_goroot(b->loader)));
  opt_write_object(m, tm, path);
  LLVMDisposeModule(m);
  LLVMContextDispose(ctx);
  LLVMDisposeTargetMachine(tm);
}

static const char *first_readable(Arena *a, const char *const *dirs, size_t n, const char *file) {
  for (size_t i = 0; i < n; i++) {
    const char *p = arena_printf(a, "%s/%s", dirs[i], file);
    if (!access(p, R_OK))
      return p;
  }
  fatal("cannot link: %s is missing: install libc6-dev and gcc", file);
}

static const char *libc_file(Arena *a, const char *file) {
  static const char *const dirs[] = {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib"};
  return first_readable(a, dirs, LEN(dirs), file);
}

static const char *gcc_file(Arena *a, const char *file) {
  static const char *const dirs[] = {
      "/usr/lib/gcc/x86_64-linux-gnu/12", "/usr/lib/gcc/x86_64-linux-gnu/13",
      "/usr/lib/gcc/x86_64-linux-gnu/14", "/usr/lib/gcc/x86_64-linux-gnu/11"};
  return first_readable(a, dirs, LEN(dirs), file);
}

static void link_args(Build *b, Args *v, const char *out, const char *mainobj) {
  Arena *a = b->a;
  const char *const head[] = {"ld.lld-19",
                              "-static",
                              "-no-pie",
                              "--gc-sections",
                              "--no-mmap-output-file",
                              "--build-id=none",
                              "-z",
                              "noexecstack",
                              "--eh-frame-hdr",
                              "-o",
                              out,
                              libc_file(a, "crt1.o"),
                              libc_file(a, "crti.o"),
                              arena_printf(a, "%s/gocrt_begin.o", b->resdir),
                              mainobj};
  for (size_t i = 0; i < LEN(head); i++)
    vec_push(a, v, head[i]);
  for (int i = 0; i < b->units.n; i++)
    vec_push(a, v, job_of(b->units.v[i])->artifact->object);
  const char *const tail[] = {arena_printf(a, "%s/gocrt_end.o", b->resdir),
                              arena_printf(a, "%s/libgocrt.a", b->resdir),
                              "--start-group",
                              libc_file(a, "libc.a"),
                              gcc_file(a, "libgcc.a"),
                              gcc_file(a, "libgcc_eh.a"),
                              "--end-group",
                              libc_file(a, "crtn.o"),
                              NULL};
  for (size_t i = 0; i < LEN(tail); i++)
    vec_push(a, v, tail[i]);
}

// Runs a program and waits; its output on standard error is kept in *out.
static int spawn_wait(char *const *argv, Buf *out) {
  int fd[2];
  if (pipe(fd))
    return -1;
  posix_spawn_file_actions_t fa;
  posix_spawn_file_actions_init(&fa);
  posix_spawn_file_actions_adddup2(&fa, fd[1], 1);
  posix_spawn_file_actions_adddup2(&fa, fd[1], 2);
  posix_spawn_file_actions_addclose(&fa, fd[0]);
  pid_t pid;
  int err = posix_spawnp(&pid, argv[0], &fa, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&fa);
  close(fd[1]);
  char text[4096];
  for (ssize_t n; !err && (n = read(fd[0], text, sizeof text)) > 0;)
    buf_write(out, text, (size_t)n);
  close(fd[0]);
  if (err) {
    errno = err;
    return -1;
  }
  int status;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static bool main_declared(Build *b) {
  for (int i = 0; i < b->named.n; i++)
    if (job_of(b->named.v[i])->artifact->has_main)
      return true;
  for (int i = 0; i < b->named.n; i++)
    fprintf(stderr, "# %s\n", b->named.v[i]->shown);
  fprintf(stderr, "runtime.main_main·f: function main is undeclared in the main package\n");
  return false;
}

// Puts the finished program in its place: by rename, or by writing to what is no regular file
// (/dev/null, a pipe), which must not be replaced.
static bool install(const char *tmp, const char *out) {
  struct stat st;
  if (stat(out, &st) || S_ISREG(st.st_mode))
    return rename(tmp, out) == 0;
  size_t n;
  char *p = file_read(tmp, &n);
  FILE *f = p ? fopen(out, "wb") : NULL;
  bool ok = f && fwrite(p, 1, n, f) == n;
  ok = f && fclose(f) == 0 && ok;
  free(p);
  unlink(tmp);
  return ok;
}

// Where the linker may write: beside the output, so that rename works; for a device in the
// temporary folder.
static const char *work_name(Build *b, const char *out) {
  struct stat st;
  if (stat(out, &st) || S_ISREG(st.st_mode))
    return arena_printf(b->a, "%s.goc-%d", out, (int)getpid());
  const char *dir = getenv("TMPDIR");
  return arena_printf(b->a, "%s/goc-link-%d", dir && *dir ? dir : "/tmp", (int)getpid());
}

// Links into a temporary file beside the output, so that a failure leaves nothing behind.
bool link_program(Build *b, const char *out) {
  if (!main_declared(b))
    return false;
  const char *tmp = work_name(b, out), *mainobj = arena_printf(b->a, "%s.o", tmp);
  main_object(b, mainobj);
  Args v = {0};
  link_args(b, &v, tmp, mainobj);
  if (b->opt->trace) {
    for (int i = 0; v.v[i]; i++)
      fprintf(stderr, "%s%s", i ? " " : "", v.v[i]);
    fputc('\n', stderr);
  }
  Buf text = {0};
  int status = spawn_wait((char *const *)v.v, &text);
  unlink(mainobj);
  char *message = NULL;
  bool ok = status == 0;
  if (status < 0)
    fprintf(stderr, "goc: cannot run ld.lld-19: %s: install lld-19\n", strerror(errno));
  else if (status && strstr(buf_str(&text), strerror(ENOSPC)))
    fprintf(stderr, "goc: cannot write %s: %s\n", out, strerror(ENOSPC));
  else if (status)
    fprintf(stderr, "# %s\n%s", b->named.v[0]->shown, buf_str(&text));
  else if (!linetab_append(tmp, &message)) {
    fprintf(stderr, "goc: %s: %s\n", out, message);
    ok = false;
  }
  if (ok && !install(tmp, out)) {
    fprintf(stderr, "goc: cannot write %s: %s\n", out, strerror(errno));
    ok = false;
  }
  if (!ok)
    unlink(tmp);
  buf_free(&text);
  return ok;
}
