// dump.c: -d: a stage's result as text on standard error, under a title.
#include "driver.h"
#include <stdlib.h>
#include <string.h>

static bool titles;

void dump_titles(bool on) {
  titles = on;
}

void dump_title(const char *what, const Unit *u) {
  if (titles)
    fprintf(stderr, "; > %s: %s\n", what, u->shown);
}

// One function by its link name, or the whole module.
void dump_module(const char *title, Unit *u, LLVMModuleRef m, const char *func) {
  dump_title(title, u);
  LLVMValueRef f = func ? LLVMGetNamedFunction(m, func) : NULL;
  if (func && !f) {
    fprintf(stderr, "; no function %s\n", func);
    return;
  }
  char *text = f ? LLVMPrintValueToString(f) : LLVMPrintModuleToString(m);
  fputs(text, stderr);
  LLVMDisposeMessage(text);
}

static void dump_object(FILE *out, Package *p, Object *o) {
  static const char *const kinds[] = {"package", "const", "type",    "var",
                                      "func",    "label", "builtin", "nil"};
  fprintf(out, "%s: %s %s", pos_str(o->pos), kinds[o->kind], o->name);
  if (o->type)
    fprintf(out, " %s", type_string(o->type, p));
  if (o->kind == OBJ_CONST && o->cons.val)
    fprintf(out, " = %s", const_exact(o->cons.val));
  if (o->kind == OBJ_TYPENAME && o->type)
    fprintf(out, " %s", type_string(under(o->type), p));
  fputc('\n', out);
}

void dump_types(FILE *out, Package *p) {
  for (int i = 0; i < p->scope->objects.n; i++)
    dump_object(out, p, p->scope->objects.v[i]);
}
