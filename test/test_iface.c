// test_iface.c: itabs made on demand, assertions, equality and hash of what stands in interfaces.
#include "runtime/bytes.h"
#include "runtime/gs.h"
#include "runtime/hooks.h"
#include "runtime/rttab.h"
#include "test/shim_heap.h"

#include <check.h>
#include <string.h>

Itab *getitab(InterfaceType *inter, RType *t) ASMLABEL("runtime.getitab");
Itab *assertE2I(InterfaceType *inter, RType *t) ASMLABEL("runtime.assertE2I");
intgo efaceeq(RType *t, const void *x, const void *y) ASMLABEL("runtime.efaceeq");
intgo ifaceeq(Itab *tab, const void *x, const void *y) ASMLABEL("runtime.ifaceeq");
uintptr_t nilinterhash(const Eface *p, uintptr_t seed) ASMLABEL("runtime.nilinterhash");
uintptr_t interhash(const Iface *p, uintptr_t seed) ASMLABEL("runtime.interhash");
extern const uint64_t staticuint64s[256] ASMLABEL("runtime.staticuint64s");

static uint8_t eq_int(const int64_t *p, const int64_t *q) {
  return *p == *q;
}
static uint8_t eq_f64(const double *p, const double *q) {
  return *p == *q;
}
static uint8_t eq_str(const String *p, const String *q) {
  return p->len == q->len && memcmp(p->ptr, q->ptr, (size_t)p->len) == 0;
}
static FuncVal fv_int = {(void *)eq_int}, fv_f64 = {(void *)eq_f64}, fv_str = {(void *)eq_str};
static RType t_int = {.size = 8,
                      .align = 8,
                      .tflag = TFLAG_REGULARMEMORY,
                      .kind = KIND_INT,
                      .equal = &fv_int},
             t_f64 = {.size = 8, .align = 8, .kind = KIND_FLOAT64, .equal = &fv_f64},
             t_str = {.size = 16, .align = 8, .kind = KIND_STRING, .equal = &fv_str},
             t_ptr = {.size = 8,
                      .align = 8,
                      .tflag = TFLAG_REGULARMEMORY,
                      .kind = KIND_POINTER | KIND_DIRECTIFACE,
                      .equal = &fv_int},
             t_slice = {.size = 24, .align = 8, .kind = KIND_SLICE};

START_TEST(equality) {
  int64_t a = 1, b = 1, c = 2;
  double zero = 0, minus = -0.0, nan = __builtin_nan("");
  char h1[] = "hello", h2[] = "hello";
  String s = {(uint8_t *)h1, 5}, t = {(uint8_t *)h2, 5}, u = {(uint8_t *)h2, 4};
  const struct {
    const char *name;
    RType *t;
    const void *x, *y;
    bool equal;
  } tab[] = {
      {"nil", NULL, NULL, NULL, true},         {"ints", &t_int, &a, &b, true},
      {"other ints", &t_int, &a, &c, false},   {"zeros", &t_f64, &zero, &minus, true},
      {"one NaN", &t_f64, &nan, &nan, false},  {"strings", &t_str, &s, &t, true},
      {"prefix", &t_str, &s, &u, false},       {"one pointer", &t_ptr, &a, &a, true},
      {"two pointers", &t_ptr, &a, &b, false},
  };
  for (size_t i = 0; i < sizeof tab / sizeof *tab; i++) {
    Itab it = {.type = tab[i].t};
    ck_assert_msg(efaceeq(tab[i].t, tab[i].x, tab[i].y) == tab[i].equal, "%s", tab[i].name);
    ck_assert_msg(ifaceeq(tab[i].t ? &it : NULL, tab[i].x, tab[i].y) == tab[i].equal, "%s",
                  tab[i].name);
  }
}
END_TEST

START_TEST(hash_agrees_with_equality) {
  int64_t a = 1, b = 1, c = 2;
  double zero = 0, minus = -0.0, nan = __builtin_nan("");
  shim_init();
  Eface x = {&t_int, &a}, y = {&t_int, &b}, z = {&t_int, &c};
  ck_assert(nilinterhash(&x, 7) == nilinterhash(&y, 7));
  ck_assert(nilinterhash(&x, 7) != nilinterhash(&z, 7));
  ck_assert(nilinterhash(&x, 7) != nilinterhash(&x, 8));
  x = (Eface){&t_f64, &zero}, y = (Eface){&t_f64, &minus}, z = (Eface){&t_f64, &nan};
  ck_assert(nilinterhash(&x, 7) == nilinterhash(&y, 7));
  ck_assert(nilinterhash(&z, 7) != nilinterhash(&z, 7));
  x = (Eface){&t_ptr, &a}, y = (Eface){&t_ptr, &b};
  ck_assert(nilinterhash(&x, 7) != nilinterhash(&y, 7)); // the pointer, not what it points to
  Itab it = {.type = &t_int};
  Iface i = {&it, &a};
  x = (Eface){&t_int, &b};
  ck_assert(interhash(&i, 7) == nilinterhash(&x, 7));
  ck_assert(nilinterhash(&(Eface){0}, 7) == 7 && interhash(&(Iface){0}, 7) == 7);
}
END_TEST

START_TEST(uncomparable) {
  shim_init();
  Slice s = {0};
  Eface x = {&t_slice, &s};
  if (!setjmp(shim_panic)) {
    efaceeq(&t_slice, &s, &s); // even of one and the same
    ck_abort();
  }
  ck_assert_str_eq(shim_text, "comparing uncomparable type T");
  if (!setjmp(shim_panic)) {
    nilinterhash(&x, 1);
    ck_abort();
  }
  ck_assert_str_eq(shim_text, "hash of unhashable type T");
}
END_TEST

START_TEST(static_words) {
  for (uint64_t i = 0; i < 256; i++)
    ck_assert(staticuint64s[i] == i);
}
END_TEST

// ---- itabs: descriptors as irgen makes them, with offsets as reflect makes them

static const uint8_t n_close[] = "\1\5Close", n_read[] = "\1\4Read", n_hidden[] = "\0\6hidden",
                     pkg_a[] = "\0\1a", pkg_b[] = "\0\1b";
static RType sig, othersig;
static char code[3];
enum { MANY = 2000 };

typedef struct Type {
  RType t;
  Uncommon u;
  RMethod m[3];
} Type;

static int32_t off(const void *p) {
  return (int32_t)runtime_addReflectOff((void *)(uintptr_t)p);
}

static InterfaceType inter_of(IMethod *m, intgo n, const uint8_t *pkg) {
  return (InterfaceType){
      .t = {.kind = KIND_INTERFACE}, .pkgpath = pkg, .methods = m, .nmethods = n};
}

static Type type_of(const uint8_t *pkg) { // Close, Read, hidden
  Type t = {.t = {.size = 8, .kind = KIND_INT, .tflag = TFLAG_UNCOMMON, .hash = 42}};
  t.u = (Uncommon){.pkgpath = off(pkg), .mcount = 3, .xcount = 2, .moff = sizeof(Uncommon)};
  const uint8_t *names[] = {n_close, n_read, n_hidden};
  for (int i = 0; i < 3; i++)
    t.m[i] = (RMethod){off(names[i]), off(&sig), off(&code[i]), off(&code[i])};
  return t;
}

START_TEST(itab) {
  shim_init();
  static Type a, b, none;
  a = type_of(pkg_a);
  b = type_of(pkg_b);
  none.t.kind = KIND_INT;
  IMethod m[] = {{off(n_close), off(&sig)}, {off(n_hidden), off(&sig)}},
          other[] = {{off(n_read), off(&othersig)}};
  static InterfaceType both, closer, reader;
  both = inter_of(m, 2, pkg_a);
  closer = inter_of(m, 1, pkg_b);
  reader = inter_of(other, 1, pkg_a);
  Itab *it = getitab(&both, &a.t);
  ck_assert(it && it->inter == &both && it->type == &a.t && it->hash == 42);
  ck_assert(it->fun[0] == &code[0] && it->fun[1] == &code[2]);
  ck_assert(getitab(&both, &a.t) == it && assertE2I(&both, &a.t) == it);
  ck_assert(!getitab(&both, &b.t)); // another package's hidden
  ck_assert(getitab(&closer, &a.t) && getitab(&closer, &b.t));
  ck_assert(!getitab(&reader, &a.t)); // another signature
  ck_assert(!getitab(&closer, &none.t));
  intgo n;
  const uint8_t *missing = itab_missing(&both, &b.t, &n);
  ck_assert(n == 6 && memcmp(missing, "hidden", 6) == 0);
  if (!setjmp(shim_panic)) {
    assertE2I(&both, &b.t);
    ck_abort();
  }
  ck_assert_str_eq(shim_text, "type assertion");
  if (!setjmp(shim_panic)) {
    assertE2I(&both, NULL);
    ck_abort();
  }
}
END_TEST

START_TEST(many_itabs) { // the table grows; what was found stays where it is
  shim_init();
  static Type t[MANY];
  static Itab *its[MANY];
  static InterfaceType closer;
  IMethod m[] = {{off(n_close), off(&sig)}};
  closer = inter_of(m, 1, NULL);
  for (int i = 0; i < MANY; i++) {
    t[i] = type_of(pkg_a);
    ck_assert(!itab_lookup(&closer, &t[i].t));
    its[i] = getitab(&closer, &t[i].t);
    ck_assert(its[i] && its[i]->type == &t[i].t);
  }
  for (int i = 0; i < MANY; i++)
    ck_assert(getitab(&closer, &t[i].t) == its[i]);
}
END_TEST

START_TEST(offsets) { // one number for one address, and back
  int32_t a = off(&code[0]), b = off(&code[1]);
  ck_assert(a < -1 && b < -1 && a != b && off(&code[0]) == a);
  ck_assert(off_ptr(a) == &code[0] && off_ptr(b) == &code[1] && off_ptr(0) == NULL);
}
END_TEST

Suite *suite_iface(void);
Suite *suite_iface(void) {
  Suite *s = suite_create("iface");
  TCase *tc = tcase_create("iface");
  tcase_add_test(tc, equality);
  tcase_add_test(tc, hash_agrees_with_equality);
  tcase_add_test(tc, uncomparable);
  tcase_add_test(tc, static_words);
  tcase_add_test(tc, itab);
  tcase_add_test(tc, many_itabs);
  tcase_add_test(tc, offsets);
  suite_add_tcase(s, tc);
  return s;
}
