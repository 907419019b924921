// universe.c: the predeclared names, package unsafe, and the start of the type checker.
#include "driver/types/check.h"

Scope *universe;
Package *unsafe_package;
Checker *checker;

static const struct {
  const char *name;
  BuiltinId id;
} builtin_names[] = {
    {"append", BUILTIN_APPEND},   {"cap", BUILTIN_CAP},         {"clear", BUILTIN_CLEAR},
    {"close", BUILTIN_CLOSE},     {"complex", BUILTIN_COMPLEX}, {"copy", BUILTIN_COPY},
    {"delete", BUILTIN_DELETE},   {"imag", BUILTIN_IMAG},       {"len", BUILTIN_LEN},
    {"make", BUILTIN_MAKE},       {"max", BUILTIN_MAX},         {"min", BUILTIN_MIN},
    {"new", BUILTIN_NEW},         {"panic", BUILTIN_PANIC},     {"print", BUILTIN_PRINT},
    {"println", BUILTIN_PRINTLN}, {"real", BUILTIN_REAL},       {"recover", BUILTIN_RECOVER},
};

static const struct {
  const char *name;
  BuiltinId id;
} unsafe_names[] = {
    {"Add", BUILTIN_UNSAFE_ADD},           {"Alignof", BUILTIN_UNSAFE_ALIGNOF},
    {"Offsetof", BUILTIN_UNSAFE_OFFSETOF}, {"Sizeof", BUILTIN_UNSAFE_SIZEOF},
    {"Slice", BUILTIN_UNSAFE_SLICE},       {"SliceData", BUILTIN_UNSAFE_SLICEDATA},
    {"String", BUILTIN_UNSAFE_STRING},     {"StringData", BUILTIN_UNSAFE_STRINGDATA},
};

Object *object_new(ObjectKind kind, Pos pos, Package *pkg, Atom name, Type *type) {
  Object *o = NEW(types_arena, Object);
  o->kind = kind;
  o->pos = pos;
  o->pkg = pkg;
  o->name = name;
  o->type = type;
  if (type)
    o->state = OBJ_BLACK;
  return o;
}

static Object *define(ObjectKind kind, const char *name, Type *type) {
  Object *o = object_new(kind, NOPOS, NULL, atom(name), type);
  o->state = OBJ_BLACK;
  scope_insert(universe, o);
  return o;
}

static void define_basic_types(void) {
  for (int k = TYPE_BOOL; k <= TYPE_STRING; k++)
    define(OBJ_TYPENAME, t_basic[k]->basic.name, t_basic[k]);
  define(OBJ_TYPENAME, "byte", t_byte);
  define(OBJ_TYPENAME, "rune", t_rune);
}

static Type *named_interface(const char *name) {
  Type *t = type_new(TYPE_NAMED);
  t->named.origin = t;
  t->named.obj = define(OBJ_TYPENAME, name, t);
  t->named.underlying = type_new(TYPE_INTERFACE);
  return t;
}

static void define_interfaces(void) {
  t_any = type_new(TYPE_INTERFACE);
  define(OBJ_TYPENAME, "any", t_any)->tname.alias = true;

  t_error = named_interface("error");
  Type *sig = type_new(TYPE_FUNC);
  sig->func.recv = object_new(OBJ_VAR, NOPOS, NULL, atom(""), t_error);
  Object *result = object_new(OBJ_VAR, NOPOS, NULL, atom(""), t_basic[TYPE_STRING]);
  result->var.is_result = true;
  vec_push(types_arena, &sig->func.results, result);
  Object *method = object_new(OBJ_FUNC, NOPOS, NULL, atom("Error"), sig);
  method->func.is_method = true;
  vec_push(types_arena, &t_error->named.underlying->iface.methods, method);

  t_comparable = named_interface("comparable");
  t_comparable->named.underlying->iface.comparable_ = true;
}

static void define_values(void) {
  define(OBJ_CONST, "true", t_basic[TYPE_UNTYPED_BOOL])->cons.val = const_bool(true);
  define(OBJ_CONST, "false", t_basic[TYPE_UNTYPED_BOOL])->cons.val = const_bool(false);
  define(OBJ_CONST, "iota", t_basic[TYPE_UNTYPED_INT])->cons.val = const_int(0);
  define(OBJ_NIL, "nil", t_basic[TYPE_UNTYPED_NIL]);
  for (size_t i = 0; i < LEN(builtin_names); i++)
    define(OBJ_BUILTIN, builtin_names[i].name, t_basic[TYPE_INVALID])->builtin.id =
        builtin_names[i].id;
}

static void define_unsafe(void) {
  unsafe_package = package_new("unsafe", atom("unsafe"));
  unsafe_package->is_std = true;
  unsafe_package->checked = true;
  check_pkginfo(unsafe_package)->collected = true;
  Object *o =
      object_new(OBJ_TYPENAME, NOPOS, unsafe_package, atom("Pointer"), t_basic[TYPE_UNSAFEPOINTER]);
  scope_insert(unsafe_package->scope, o);
  for (size_t i = 0; i < LEN(unsafe_names); i++) {
    o = object_new(OBJ_BUILTIN, NOPOS, unsafe_package, atom(unsafe_names[i].name),
                   t_basic[TYPE_INVALID]);
    o->builtin.id = unsafe_names[i].id;
    scope_insert(unsafe_package->scope, o);
  }
}

Package *package_new(const char *path, Atom name) {
  Package *p = NEW(types_arena, Package);
  p->path = arena_strdup(types_arena, path);
  p->name = name;
  p->goversion = "";
  p->dir = "";
  p->scope = scope_new(universe, NOPOS);
  return p;
}

PackageInfo *check_pkginfo(Package *p) {
  if (!p->check) {
    p->check = NEW(types_arena, PackageInfo);
    p->check->methods = ptrmap_new(types_arena);
  }
  return p->check;
}

void types_init(Arena *a) {
  types_arena = a;
  checker = NEW(a, Checker);
  checker->arena = a;
  checker->inst_pos = ptrmap_new(a);
  checker->shift_lhs = ptrmap_new(a);
  checker->blank_tparams = ptrmap_new(a);
  type_init();
  universe = scope_new(NULL, NOPOS);
  define_basic_types();
  define_interfaces();
  define_values();
  define_unsafe();
}
