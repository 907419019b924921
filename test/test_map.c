// test_map.c: hash maps and interned strings.
#include "driver/base/base.h"

#include <check.h>
#include <pthread.h>
#include <string.h>

Suite *suite_map(void);

START_TEST(strings_find_their_values) {
  Arena *a = arena_new();
  Map *m = map_new(a);
  ck_assert_ptr_null(map_get(m, "x"));
  for (intptr_t i = 0; i < 5000; i++)
    map_set(m, arena_printf(a, "key%ld", (long)i), (void *)(i + 1));
  map_set(m, "key7", (void *)77);
  ck_assert_uint_eq(map_len(m), 5000);
  for (intptr_t i = 0; i < 5000; i++)
    ck_assert_int_eq((intptr_t)map_get(m, arena_printf(a, "key%ld", (long)i)), i == 7 ? 77 : i + 1);
  ck_assert(!map_has(m, "key5000"));
  map_set(m, "", NULL);
  ck_assert(map_has(m, ""));
  map_setn(m, "a\0b", 3, a);
  ck_assert_ptr_eq(map_getn(m, "a\0b", 3), a);
  ck_assert_ptr_null(map_get(m, "a"));
  arena_free(a);
}
END_TEST

START_TEST(iteration_follows_insertion) {
  Arena *a = arena_new();
  Map *m = map_new(a);
  static const char *const keys[] = {"q", "a", "z", "m", "b", "y", "c", "x", "d", "w"};
  for (size_t i = 0; i < LEN(keys); i++)
    map_set(m, keys[i], (void *)(i + 1));
  const char *key;
  void *value;
  size_t i;
  for (i = 0; map_at(m, i, &key, &value); i++) {
    ck_assert_str_eq(key, keys[i]);
    ck_assert_uint_eq((uintptr_t)value, i + 1);
  }
  ck_assert_uint_eq(i, LEN(keys));
  arena_free(a);
}
END_TEST

START_TEST(pointers_find_their_values) {
  Arena *a = arena_new();
  PtrMap *m = ptrmap_new(a);
  static char keys[3000];
  ck_assert_ptr_null(ptrmap_get(m, keys));
  for (int i = 0; i < 3000; i++)
    ptrmap_set(m, keys + i, keys + 2999 - i);
  for (int i = 0; i < 3000; i++)
    ck_assert_ptr_eq(ptrmap_get(m, keys + i), keys + 2999 - i);
  ck_assert_ptr_null(ptrmap_get(m, NULL));
  ptrmap_set(m, NULL, keys);
  ck_assert_ptr_eq(ptrmap_get(m, NULL), keys);
  arena_free(a);
}
END_TEST

START_TEST(equal_strings_are_one_atom) {
  Atom x = atom("hello");
  ck_assert_ptr_eq(x, atom_n("hello, world", 5));
  ck_assert_ptr_eq(x, atom_printf("%s%c", "hell", 'o'));
  ck_assert_ptr_ne(x, atom("hellp"));
  ck_assert_str_eq(atom(""), "");
}
END_TEST

static void *intern(void *out) {
  Atom *atoms = out;
  for (int i = 0; i < 20000; i++)
    atoms[i] = atom_printf("thread%d", i);
  return NULL;
}

START_TEST(threads_share_atoms) {
  static Atom got[3][20000];
  pthread_t t[3];
  for (int i = 0; i < 3; i++)
    ck_assert_int_eq(pthread_create(&t[i], NULL, intern, got[i]), 0);
  for (int i = 0; i < 3; i++)
    pthread_join(t[i], NULL);
  ck_assert_mem_eq(got[0], got[1], sizeof got[0]);
  ck_assert_mem_eq(got[0], got[2], sizeof got[0]);
}
END_TEST

Suite *suite_map(void) {
  Suite *s = suite_create("map");
  TCase *t = tcase_create("map");
  tcase_add_test(t, strings_find_their_values);
  tcase_add_test(t, iteration_follows_insertion);
  tcase_add_test(t, pointers_find_their_values);
  tcase_add_test(t, equal_strings_are_one_atom);
  tcase_add_test(t, threads_share_atoms);
  suite_add_tcase(s, t);
  return s;
}
