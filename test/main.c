// Runs every Check suite; a suite is listed here and lives in test_<file>.c.
#include <check.h>
#include <stdlib.h>

#define SUITES(X)

#define DECLARE(name) Suite *suite_##name(void);
SUITES(DECLARE)

int main(void) {
  SRunner *sr = srunner_create(NULL);
#define ADD(name) srunner_add_suite(sr, suite_##name());
  SUITES(ADD)
  srunner_run_all(sr, CK_NORMAL);
  int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
