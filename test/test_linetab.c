// Tests of driver/linetab.c: every address of a C program with inlined calls is looked up in the
// table and by llvm-symbolizer.
#include "driver/base/base.h"
#include "driver/driver.h"
#include "runtime/linetab.h"
#include <check.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const program = "#include <stdio.h>\n"
                                   "static inline int twice(int x) {\n"
                                   "  if (x > 1000)\n"
                                   "    puts(\"large\");\n"
                                   "  return x * 2;\n"
                                   "}\n"
                                   "static inline int four(int x) {\n"
                                   "  int r = twice(x);\n"
                                   "  for (int i = 0; i < x; i++) {\n"
                                   "    r += twice(r + i);\n"
                                   "  }\n"
                                   "  return r;\n"
                                   "}\n"
                                   "__attribute__((noinline)) int many(int n) {\n"
                                   "  int sum = 0;\n"
                                   "  while (n-- > 0)\n"
                                   "    sum += four(n) ^ twice(sum);\n"
                                   "  return sum;\n"
                                   "}\n"
                                   "int main(int argc, char **argv) {\n"
                                   "  (void)argv;\n"
                                   "  return many(argc) + four(argc) > 7;\n"
                                   "}\n";

static char dir[] = "/tmp/linetabXXXXXX";

static const char *in_dir(const char *name) {
  static char path[4][128];
  static int at;
  at = (at + 1) % 4;
  snprintf(path[at], sizeof path[at], "%s/%s", dir, name);
  return path[at];
}

static void shell(const char *fmt, ...) PRINTF(1, 2);
static void shell(const char *fmt, ...) {
  char cmd[1024];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(cmd, sizeof cmd, fmt, ap);
  va_end(ap);
  ck_assert_msg(system(cmd) == 0, "failed: %s", cmd);
}

// Builds the program and leaves p.full (with DWARF) and p (with the table) in the folder.
static void build_program(const char *flags) {
  ck_assert(strlen(dir) && (access(dir, F_OK) == 0 || mkdtemp(dir)));
  FILE *f = fopen(in_dir("p.c"), "w");
  ck_assert_ptr_nonnull(f);
  fputs(program, f);
  fclose(f);
  shell("clang-19 %s -fuse-ld=lld -Wl,--gc-sections -ffunction-sections -no-pie -o %s %s", flags,
        in_dir("p.full"), in_dir("p.c"));
  shell("cp %s %s", in_dir("p.full"), in_dir("p"));
  char *message;
  ck_assert_msg(linetab_append(in_dir("p"), &message), "linetab_append: %s", message);
}

static void remove_program(void) {
  shell("rm -rf %s", dir);
  strcpy(dir, "/tmp/linetabXXXXXX");
}

// ---- a reader of its own

static uint32_t uvarint(const uint8_t **p) {
  uint32_t v = 0;
  for (int shift = 0;; shift += 7) {
    uint8_t b = *(*p)++;
    v |= (uint32_t)(b & 0x7f) << shift;
    if (!(b & 0x80))
      return v;
  }
}

// "name\nfile:line\n" for each frame at pc, innermost first, as llvm-symbolizer prints it.
static void lookup(const LineTab *t, const LineFunc *f, uint32_t pc, Buf *out) {
  const char *base = (const char *)t, *strs = base + t->strs;
  const uint8_t *p = (const uint8_t *)base + t->rows + f->row;
  uint32_t at = f->lo, node = 0, line = f->line, file = f->file, rpc = f->lo, rnode = 0,
           rfile = f->file, rline = f->line;
  for (uint32_t i = 0; i < f->nrows && at <= pc; i++) {
    rpc += uvarint(&p);
    uint32_t z = uvarint(&p);
    rline += z >> 1 ^ -(z & 1);
    uint32_t nf = uvarint(&p);
    rnode = nf >> 1;
    if (nf & 1)
      rfile = uvarint(&p);
    at = rpc;
    if (at <= pc)
      node = rnode, line = rline, file = rfile;
  }
  const LineNode *nodes = (const LineNode *)(const void *)(base + t->nodes) + f->inl;
  for (; node; node = nodes[node - 1].parent) {
    ck_assert_uint_le(node, f->ninl);
    buf_printf(out, "%s\n%s:%u\n", strs + nodes[node - 1].name, strs + file, line);
    file = nodes[node - 1].callfile;
    line = nodes[node - 1].callline;
  }
  buf_printf(out, "%s\n%s:%u\n", strs + f->name, strs + file, line);
}

static const LineTab *table_of(const char *data, size_t len) {
  LineTabTrailer tail;
  ck_assert_uint_gt(len, sizeof tail);
  memcpy(&tail, data + len - sizeof tail, sizeof tail);
  ck_assert_mem_eq(tail.magic, LINETAB_MAGIC, 16);
  ck_assert_uint_le(tail.offset + tail.size, len);
  ck_assert_uint_eq(tail.offset % 8, 0);
  const LineTab *t = (const LineTab *)(const void *)(data + tail.offset);
  ck_assert_mem_eq(t->magic, LINETAB_MAGIC, 16);
  ck_assert_uint_le(t->strs + t->strsize, tail.size);
  return t;
}

// Columns away, discriminators too: "f\n/a/b.c:3:7\n" becomes "f\n/a/b.c:3\n"; false: a line is
// unknown (0).
static bool oracle_entry(FILE *f, Buf *out) {
  char s[512];
  bool known = true;
  while (fgets(s, sizeof s, f) && *s != '\n') {
    char *colon = strrchr(s, ':');
    if (colon && *s == '/') {
      strcpy(colon, "\n");
      known = known && strcmp(strrchr(s, ':'), ":0\n") != 0;
    }
    buf_puts(out, s);
  }
  return known;
}

static void compare(const char *flags) {
  build_program(flags);
  size_t len;
  char *data = file_read(in_dir("p"), &len);
  ck_assert_ptr_nonnull(data);
  const LineTab *t = table_of(data, len);
  const LineFunc *f = (const LineFunc *)(const void *)((const char *)t + t->funcs);
  FILE *addrs = fopen(in_dir("addrs"), "w");
  for (uint32_t i = 0; i < t->nfuncs; i++)
    for (uint32_t pc = f[i].lo; pc < f[i].hi; pc++)
      fprintf(addrs, "0x%x\n", pc);
  fclose(addrs);
  shell("llvm-symbolizer-19 --obj=%s <%s >%s", in_dir("p.full"), in_dir("addrs"), in_dir("want"));
  FILE *want = fopen(in_dir("want"), "r");
  int seen = 0;
  for (uint32_t i = 0; i < t->nfuncs; i++) {
    ck_assert(i == 0 || f[i - 1].hi <= f[i].lo);
    for (uint32_t pc = f[i].lo; pc < f[i].hi; pc++) {
      Buf a = {0}, b = {0};
      lookup(t, &f[i], pc, &a);
      if (oracle_entry(want, &b)) {
        ck_assert_msg(!strcmp(buf_str(&a), buf_str(&b)), "%s at 0x%x:\n%swant\n%s", flags, pc,
                      buf_str(&a), buf_str(&b));
        seen++;
      }
      buf_free(&a);
      buf_free(&b);
    }
  }
  ck_assert_int_gt(seen, 100);
  fclose(want);
  free(data);
  remove_program();
}

START_TEST(agrees_with_symbolizer) {
  static const char *const flags[] = {"-g -O2", "-g -O0", "-gline-tables-only -O2",
                                      "-gline-tables-only -O3 -gdwarf-4"};
  compare(flags[_i]);
}
END_TEST

// No DWARF is left, the symbols are, and the program runs.
START_TEST(strips_dwarf) {
  build_program("-g -O1");
  shell("%s 1 2 3 >%s 2>&1 || test $? -eq 1", in_dir("p"), in_dir("out"));
  shell("llvm-readelf-19 -S -s %s >%s 2>%s", in_dir("p"), in_dir("elf"), in_dir("err"));
  shell("! test -s %s", in_dir("err"));
  shell("! grep -q '[.]debug_' %s && grep -q ' many$' %s", in_dir("elf"), in_dir("elf"));
  shell("llvm-nm-19 %s | grep -q ' T many$'", in_dir("p"));
  remove_program();
}
END_TEST

// A program without debug information gets an empty table.
START_TEST(without_dwarf) {
  build_program("-O2 -g0");
  size_t len;
  char *data = file_read(in_dir("p"), &len);
  ck_assert_uint_eq(table_of(data, len)->nfuncs, 0);
  free(data);
  remove_program();
}
END_TEST

START_TEST(not_elf) {
  ck_assert(mkdtemp(dir));
  FILE *f = fopen(in_dir("x"), "w");
  fputs("no program", f);
  fclose(f);
  char *message = NULL;
  ck_assert(!linetab_append(in_dir("x"), &message));
  ck_assert_str_eq(message, "not a 64-bit ELF file");
  ck_assert(!linetab_append(in_dir("missing"), &message));
  ck_assert_str_eq(message, "No such file or directory");
  remove_program();
}
END_TEST

Suite *suite_linetab(void);
Suite *suite_linetab(void) {
  Suite *s = suite_create("linetab");
  TCase *tc = tcase_create("linetab");
  tcase_set_timeout(tc, 120);
  tcase_add_loop_test(tc, agrees_with_symbolizer, 0, 4);
  tcase_add_test(tc, strips_dwarf);
  tcase_add_test(tc, without_dwarf);
  tcase_add_test(tc, not_elf);
  suite_add_tcase(s, tc);
  return s;
}
