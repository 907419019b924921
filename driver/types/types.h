// types.h: what Go programs mean: types, constants, objects, packages, and the results that the
// checker leaves in the tree.
//
// Glossary (go/types' words)
//   object        what a name denotes: package name, constant, type name, variable, function,
//   label, builtin, nil named type    a type with a name: declared (`type T …`), or an instance
//   `T[int]` of a generic one (its origin) type parameter, type argument, instance, type set, core
//   type: as in the specification selection     what x.f means: the path of fields through
//   embedding, and the field or method at its end checking      lazy: check_collect declares a
//   package's objects, check_object resolves one of them when it is first used,
//                 check_bodies goes through all function bodies. A package that is only imported is
//                 never checked further than asked for.
//
// Files: type.c (constructors, identity, strings), layout.c (sizes), universe.c scope.c (names),
// const.c (constants), typeset.c infer.c
//        subst.c instance.c (generics), lookup.c assign.c (fields, methods, assignability,
//        conversion), collect.c chkdecl.c chktype.c chkiface.c chksig.c chkexpr.c operand.c
//        convert.c literal.c index.c selector.c chkcall.c builtin.c chkassign.c chkstmt.c range.c
//        terminate.c initorder.c postcheck.c (the checker; its private header is check.h).
//
// What the checker leaves in the tree (beyond the fields' own comments):
//   - Types are final: an untyped constant or nil has the type its context gives it, a shift count
//   is uint, a condition bool, operands of print
//     have their default types. Only below a MODE_CONST node untyped types may remain; nobody need
//     look there.
//   - A call without results is MODE_NOVALUE with the empty tuple as type, one with several results
//   MODE_VALUE with a tuple.
//   - v, ok = x: x keeps the type of v; Expr.commaok is set on x and on the x inside its
//   parentheses.
//   - "_" on the left of an assignment, in := and range: name.obj is NULL, Expr.type the type of
//   the value. A declared name (var, :=, range,
//     parameters) is a MODE_VAR expression with its object.
//   - pkg.Name: selector.x is MODE_PKGNAME, selection NULL, sel->name.obj the object; type
//   arguments are at sel->name.targs.
//   - A generic function in use: the type of the name, of the selector and of the index expression
//   around it is the instantiated signature.
//   - x.m with a method of an instance: selection->obj is the instance's method object
//   (func.origin: the declared one). An implicit &x sets addrtaken.
//   - In op= and ++ the left side is one tree, evaluated once; it has been checked twice, with the
//   same results.
//   - case nil of a type switch is MODE_NIL. Clause.obj has the type of the single case, or that of
//   the operand.
//   - FuncInfo.lits holds the bodies of ranges over functions, too (range != NULL; locals: the
//   iteration variables and the body's). A return in such a
//     body captures (and reassigns) the named results of the function around it; has_defer,
//     has_recover and has_goto are passed on to that function.
//   - Literals in package-level initializers have no outer FuncInfo and are in no list; their
//   bodies are checked by check_package only.
//
// Ownership: all that the checker makes lives in the arena given to types_init, until the process
// ends.
#ifndef GOC_TYPES_H
#define GOC_TYPES_H

#include "driver/syntax/syntax.h"

typedef struct Type Type;
typedef struct ConstVal ConstVal;
typedef struct Object Object;
typedef struct Scope Scope;
typedef struct Package Package;
typedef struct Selection Selection;
typedef struct FuncInfo FuncInfo;
typedef VEC(Type *) TypeList;
typedef VEC(Object *) ObjectList;

// ---- types

typedef enum TypeKind {
  TYPE_BOOL,
  TYPE_INT,
  TYPE_INT8,
  TYPE_INT16,
  TYPE_INT32,
  TYPE_INT64,
  TYPE_UINT,
  TYPE_UINT8,
  TYPE_UINT16,
  TYPE_UINT32,
  TYPE_UINT64,
  TYPE_UINTPTR,
  TYPE_FLOAT32,
  TYPE_FLOAT64,
  TYPE_COMPLEX64,
  TYPE_COMPLEX128,
  TYPE_STRING,
  TYPE_UNSAFEPOINTER,
  TYPE_UNTYPED_BOOL,
  TYPE_UNTYPED_INT,
  TYPE_UNTYPED_RUNE,
  TYPE_UNTYPED_FLOAT,
  TYPE_UNTYPED_COMPLEX,
  TYPE_UNTYPED_STRING,
  TYPE_UNTYPED_NIL,
  TYPE_INVALID, // what an erroneous expression has; silences consequences
  TYPE_NAMED,
  TYPE_POINTER,
  TYPE_SLICE,
  TYPE_ARRAY,
  TYPE_MAP,
  TYPE_CHAN,
  TYPE_STRUCT,
  TYPE_FUNC,
  TYPE_INTERFACE,
  TYPE_TUPLE,
  TYPE_TYPEPARAM,
  TYPE_UNION,
  TYPE_KIND_COUNT
} TypeKind;
#define TYPE_LAST_BASIC TYPE_INVALID

typedef struct Term {
  bool tilde;
  Type *type;
} Term; // ~T or T

struct Type {
  TypeKind kind;
  uint32_t id;                  // unique, for ordered maps
  void *irgen;                  // irgen's own cache; NULL at first
  Type *ptr_to, *slice_of;      // caches of type_pointer and type_slice
  Atom link;                    // cache of type_linkstring
  struct Layout *layout;        // cache of layout.c
  const struct MethodSet *mset; // cache of method_set
  union {
    struct {
      Atom name;
    } basic; // byte and rune are uint8 and int32 with another name (identical to them)
    struct {
      Object *obj;      // its type name (for instances: the origin's)
      Type *origin;     // the generic type; itself unless this is an instance
      TypeList tparams; // of a generic origin
      TypeList targs;   // of an instance
      TypeList outer;   // type parameters of the functions around a local type; substituted as if
                        // they were its own
      TypeList outer_args; // what was put for them (in an instance of the function)
      Type *rhs;        // the type on the right of the declaration, as written; NULL for instances
      bool valid;       // found to be of finite size
      Type *underlying; // NULL until resolved: use under()
      ObjectList methods; // explicit methods in source order; of an instance: made on demand, use
                          // named_method
    } named;
    struct {
      Type *elem;
    } pointer, slice;
    struct {
      Type *elem;
      int64_t len;
    } array; // len < 0: unknown because of an error
    struct {
      Type *key, *elem;
    } map;
    struct {
      Type *elem;
      int dir;
    } chan; // CHAN_BOTH, CHAN_SEND, CHAN_RECV
    struct {
      ObjectList fields;
      const char **tags;
      size_t *taglens;
      bool incomplete;
    } strct; // tags[i] NULL: none; incomplete: being declared
    struct {
      TypeList tparams;           // of a generic function; empty for methods
      TypeList recv_tparams;      // of a method of a generic type
      Object *recv;               // NULL for functions
      ObjectList params, results; // the last parameter of a variadic function has type []T
      bool variadic;
    } func;
    struct {
      ObjectList methods; // explicit ones, functions
      TypeList embeds;
      VEC(Pos) embedpos;
      struct TypeSet *set; // use type_set()
      bool implicit;       // ~T or A|B written as a constraint without interface{}
      bool comparable_;    // the predeclared comparable
      bool incomplete;     // being declared: embeds are not all there yet
    } iface;
    struct {
      ObjectList vars;
    } tuple;
    struct {
      Object *obj;
      int index;
      Type *bound;
    } tparam; // bound: its constraint, an interface after iface_of_bound
    struct {
      Term *terms;
      int n;
    } uni;
  };
};

// The type set of an interface.
typedef struct TypeSet {
  ObjectList methods; // all, embedded ones too, sorted by name (then package)
  bool comparable_;   // only comparable types
  bool all;           // no restriction by terms
  Term *terms;
  int nterms; // otherwise the normalised union; n == 0: the empty set
} TypeSet;

// Predeclared types, set by types_init. t_byte is identical to t_basic[TYPE_UINT8].
extern Type *t_basic[TYPE_LAST_BASIC + 1];
extern Type *t_byte, *t_rune, *t_error, *t_any, *t_comparable;
extern Type *t_emptyiface; // interface{}
extern Arena *types_arena; // given to types_init (defined in type.c, set in universe.c with the
                           // predeclared types)

// ---- type.c
Type *type_new(TypeKind kind);
Type *type_pointer(Type *elem); // cached: the same elem gives the same pointer
Type *type_slice(Type *elem);   // cached
Type *type_array(Type *elem, int64_t len);
Type *type_map(Type *key, Type *elem);
Type *type_chan(Type *elem, int dir);
Type *type_tuple(ObjectList vars);
Type *
under(Type *t); // underlying type; of a type parameter its constraint interface. Resolves lazily.
Type *core_type(Type *t); // under(t) if not a type parameter or interface with terms; NULL if there
                          // is no core type
Type *core_string(Type *t); // as core_type, but a mix of []byte and string counts as string
bool types_identical(Type *x, Type *y);
bool types_is_embed_fs(Type *t); // embed.FS
bool type_has_tparam(Type *t);   // mentions a type parameter anywhere
// Predicates look at the underlying type; for a type parameter they ask all types of its set
// (is_…), as go/types' allX.
bool is_boolean(Type *t), is_integer(Type *t), is_unsigned(Type *t), is_float(Type *t),
    is_complex(Type *t), is_numeric(Type *t), is_string(Type *t);
bool is_untyped(Type *t), is_typed(Type *t), is_ordered(Type *t), is_const_type(Type *t),
    is_interface(Type *t) /* not a type parameter */, is_typeparam(Type *t);
bool is_named(Type *t);          // basic, named or type parameter
bool is_pointer_shaped(Type *t); // stored directly in an interface: pointers, maps, chans, funcs,
                                 // unsafe.Pointer, one-pointer structs and arrays
bool type_comparable(
    Type *t, bool dynamic,
    const char **why); // dynamic: interfaces count. why (may be NULL): gc's reason text or NULL
bool has_nil(Type *t);
Type *default_type(Type *t); // of untyped ones; others as they are
Type *deref(Type *t, bool *was_pointer);
extern Package *types_relative; // the package being checked: causes of errors are worded relative
                                // to it. Set by the checker
// Text for messages: packages by name, or by path when ambiguous; relative to pkg (its own names
// unqualified) as gc prints it.
void type_write(Buf *b, Type *t, Package *relative_to);
const char *type_string(Type *t, Package *relative_to); // an atom
// Canonical text, the same for identical types and for no others: full import paths, tags, local
// types carry function and scope, instances their arguments in full. It is what follows "type:" in
// symbols. irgen keys everything by it.
const char *type_linkstring(Type *t); // an atom, cached
// As reflect prints it (Type.String): packages by name.
const char *type_reflectstring(Type *t);

// ---- layout.c: sizes and offsets of gc on amd64, in bytes
int64_t type_size(Type *t);
int64_t type_align(Type *t);
int64_t field_offset(Type *strct, int i);
int64_t type_ptrbytes(Type *t); // prefix of the type that can hold pointers; 0: none
bool type_has_pointers(Type *t);
// Calls f for the offset of each pointer word of t placed at base, ascending.
void type_pointer_words(Type *t, int64_t base, void (*f)(void *ctx, int64_t offset), void *ctx);
bool type_too_large(Type *t); // over 1<<50 bytes

// ---- constants (const.c). Immutable.
typedef enum ConstKind {
  CONST_UNKNOWN,
  CONST_BOOL,
  CONST_STRING,
  CONST_INT,
  CONST_FLOAT,
  CONST_COMPLEX
} ConstKind;
ConstKind const_kind(const ConstVal *v);
ConstVal *const_bool(bool b), *const_string(const char *s, size_t n), *const_int(int64_t i),
    *const_uint(uint64_t u), *const_double(double d);
ConstVal *const_from_literal(Tok tok, const char *text,
                             size_t n); // CONST_UNKNOWN: malformed or too large
bool const_boolval(const ConstVal *v);
const char *const_stringval(const ConstVal *v, size_t *n);
bool const_int64(const ConstVal *v, int64_t *out); // false: no integer or does not fit
bool const_uint64(const ConstVal *v, uint64_t *out);
double const_todouble(const ConstVal *v); // nearest; ±Inf on overflow
float const_tofloat(const ConstVal *v);
void const_tocomplex(const ConstVal *v, double *re, double *im);
int const_sign(const ConstVal *v);
int const_bitlen(const ConstVal *v); // of an integer's magnitude
ConstVal *const_to_int(ConstVal *v), *const_to_float(ConstVal *v),
    *const_to_complex(ConstVal *v); // CONST_UNKNOWN if not representable
ConstVal *const_real(ConstVal *v), *const_imag(ConstVal *v),
    *const_make_complex(ConstVal *re, ConstVal *im);
ConstVal *const_unary(Tok op, ConstVal *v, Type *t); // t: unsigned types limit ^
ConstVal *const_binary(Tok op, ConstVal *x, ConstVal *y,
                       bool intdiv); // not for shifts and comparisons
ConstVal *const_shift(Tok op, ConstVal *x, unsigned n);
bool const_compare(Tok op, ConstVal *x, ConstVal *y);
// Whether v can be represented as a value of basic type t; *rounded gets the value rounded to t
// (may be NULL).
bool const_representable(ConstVal *v, Type *t, ConstVal **rounded);
const char *const_str(const ConstVal *v);   // for messages, as gc prints it: shortened
const char *const_exact(const ConstVal *v); // exact, for canonical names

// ---- objects and scopes (universe.c, scope.c)

typedef enum ObjectKind {
  OBJ_PKGNAME,
  OBJ_CONST,
  OBJ_TYPENAME,
  OBJ_VAR,
  OBJ_FUNC,
  OBJ_LABEL,
  OBJ_BUILTIN,
  OBJ_NIL
} ObjectKind;

typedef enum BuiltinId {
  BUILTIN_NONE,
  BUILTIN_APPEND,
  BUILTIN_CAP,
  BUILTIN_CLEAR,
  BUILTIN_CLOSE,
  BUILTIN_COMPLEX,
  BUILTIN_COPY,
  BUILTIN_DELETE,
  BUILTIN_IMAG,
  BUILTIN_LEN,
  BUILTIN_MAKE,
  BUILTIN_MAX,
  BUILTIN_MIN,
  BUILTIN_NEW,
  BUILTIN_PANIC,
  BUILTIN_PRINT,
  BUILTIN_PRINTLN,
  BUILTIN_REAL,
  BUILTIN_RECOVER,
  BUILTIN_UNSAFE_ADD,
  BUILTIN_UNSAFE_ALIGNOF,
  BUILTIN_UNSAFE_OFFSETOF,
  BUILTIN_UNSAFE_SIZEOF,
  BUILTIN_UNSAFE_SLICE,
  BUILTIN_UNSAFE_SLICEDATA,
  BUILTIN_UNSAFE_STRING,
  BUILTIN_UNSAFE_STRINGDATA
} BuiltinId;

typedef enum ObjectState {
  OBJ_WHITE,
  OBJ_GREY,
  OBJ_BLACK
} ObjectState; // not resolved, being resolved (on the path), resolved

struct Object {
  ObjectKind kind;
  Atom name;
  Pos pos;       // of its declaration
  Package *pkg;  // NULL: universe
  Scope *parent; // where it is declared; NULL for fields, methods and so on
  Type *type;    // NULL until resolved: check_object
  ObjectState state;
  Decl *decl;    // package-level: the declaration; NULL otherwise
  int declindex; // const, var: which name of decl
  void *irgen;   // irgen's own; NULL at first
  bool used;
  uint32_t seq;           // local: number in order of declaration; 0: visible everywhere
  struct DeclInfo *check; // the checker's own (package-level)
  union {
    struct {
      Package *imported;
    } pkgname;
    struct {
      ConstVal *val;
    } cons;
    struct {
      bool alias;
      FuncInfo *owner; // of a local type: the innermost function (or literal) around it; NULL at
                       // package level. Set by the checker
      int num; // of a local type: its number in the outermost function around it, from 1 in source
               // order. Set by the checker
    } tname;
    struct {
      bool is_field, embedded, is_param, is_result, is_global;
      bool addrtaken;  // &x somewhere, implicit by a method call or slicing an array too
      bool captured;   // used in a function literal inside its function
      bool reassigned; // assigned after its declaration (x = …, x++, x op= …, range, declared
                       // without a value and captured before it is set)
      FuncInfo *owner; // the function whose local it is; NULL for globals and fields
      int fieldindex;  // of a field
      Object *origin;  // field of an instance: the field of the generic type
    } var;
    struct {
      FuncInfo *info; // its body's; NULL without a body
      Object
          *origin; // method of an instantiated type: the method of the generic type; otherwise NULL
      bool ptr_recv;  // receiver is a pointer
      bool is_method; // also of interfaces
      bool is_init;   // func init()
      Atom linkname;  // //go:linkname target, or NULL
    } func;
    struct {
      BuiltinId id;
    } builtin;
  };
};

struct Scope {
  Scope *parent;
  Pos pos, end;
  bool is_func;
  uint32_t visible;   // of a function literal: objects around it with a greater seq are declared
                      // after it; 0: no limit
  ObjectList objects; // in order of declaration
  PtrMap *names;      // by atom; NULL while there are few
};
extern Scope *universe;
extern Package *unsafe_package;
Scope *scope_new(Scope *parent, Pos pos);
Object *scope_lookup(Scope *s, Atom name); // in s alone
Object *scope_lookup_parent(Scope *s, Atom name, Pos pos,
                            Scope **where); // outwards; local objects only if declared before the
                                            // literal s belongs to (pos is not looked at)
Object *scope_insert(
    Scope *s,
    Object *o); // the object that had the name, or NULL when inserted; "_" is never inserted
bool is_exported(Atom name);

// ---- what is known of a function body

struct FuncInfo {
  FuncInfo *outer; // function around a literal (or range body); NULL for declared functions
  Object *obj;     // declared function or method; NULL for literals
  Expr *lit;       // EXPR_FUNCLIT; NULL otherwise
  Stmt *range;     // STMT_RANGE over a function: its body is this "function"; NULL otherwise
  Type *sig;
  Stmt *body;
  Package *pkg;
  ObjectList captures; // variables of outer functions that it (or a literal inside) uses, in order
                       // of first use
  VEC(FuncInfo *)
  lits; // function literals and range bodies directly inside, in source order (func1, func2, …)
  Scope *scope;      // of the parameters
  ObjectList locals; // all variables declared in it, parameters and results too
  int ntypes;        // local types of it and all literals inside (of the outermost function)
  bool has_defer, has_recover, has_goto, has_labels;
  bool checked;
  Pos end; // of the closing brace
};

// ---- selections and lookup (lookup.c)

typedef enum SelKind { SEL_FIELD, SEL_METHODVAL, SEL_METHODEXPR } SelKind;
struct Selection {
  SelKind kind;
  Type *recv;  // type of x in x.f
  Object *obj; // the field or method
  int *
      path; // field indices through embedded fields; for SEL_FIELD the last one is the field itself
  int npath;
  bool indirect; // a pointer is followed on the way
};
typedef enum LookupResult {
  LOOKUP_OK,
  LOOKUP_NONE,
  LOOKUP_AMBIGUOUS,
  LOOKUP_PTRRECV /* method has pointer receiver */
} LookupResult;
// Finds field or method `name` (pkg decides about unexported names) of t or *t. out is filled on
// success.
LookupResult lookup_field_or_method(Type *t, bool addressable, Package *pkg, Atom name,
                                    Selection *out);
// Method set of t for descriptors: every method callable on a value of type t, promoted ones too,
// sorted by name (exported first, as gc).
typedef struct MethodSetEntry {
  Object *fn;
  Selection sel;
} MethodSetEntry;
typedef struct MethodSet {
  MethodSetEntry *v;
  int n, cap;
} MethodSet;
const MethodSet *method_set(Type *t); // cached
// Missing method of t for interface iface: NULL if it implements it. *wrong: a method with that
// name but another type or pointer receiver.
Object *missing_method(Type *t, Type *iface, bool static_, Object **wrong, bool *ptr_recv);
Object *named_method(Type *named, int i); // i-th method, instantiated for the instance
int named_nmethods(Type *named);

// ---- assignability and conversion (assign.c)
bool type_implements(Type *t, Type *iface, bool constraint,
                     const char **cause); // cause (may be NULL): gc's text
bool assignable_to(Type *v, Mode vmode, ConstVal *val, Type *t,
                   const char **cause);                    // v may be untyped
bool convertible_to(Type *v, Type *t, const char **cause); // non-constant

// ---- generics (typeset.c, infer.c, subst.c, instance.c)
const TypeSet *type_set(Type *iface_or_tparam);
// The types of its terms, for predicates over all of them. Calls f(term type) until it gives false;
// false if there are no specific types.
bool typeset_all(Type *t, bool (*f)(void *ctx, Type *under), void *ctx);
typedef struct TypeEnv {
  TypeList params, args;
} TypeEnv;                                      // params[i] stands for args[i]
Type *types_subst(Type *t, const TypeEnv *env); // t itself if nothing changes; instances are unique
                                                // (same origin, identical arguments: same pointer)
Type *
type_instantiate(Type *generic_named,
                 TypeList targs); // no checking of constraints; lazy, so recursive types are fine
Type *sig_instantiate(Type *generic_func, TypeList targs); // signature without type parameters
// First type argument that does not satisfy its constraint: index, or -1. cause as gc says it.
int verify_instance(TypeList tparams, TypeList targs, const char **cause);
// Infers the missing type arguments (targs[i] may be NULL). args: types of the arguments (untyped
// allowed), params: parameter types. false: error already reported at pos ("in call to %s, cannot
// infer %s", "type %s of %s does not match %s …").
struct Operand; // check.h
bool types_infer(Pos pos, const char *fname, TypeList tparams, Type **targs, ObjectList params,
                 struct Operand **args, int nargs, bool reverse);
// Tells that source code at pos of pkg instantiates tparams with targs: what
// check_instantiation_cycles looks at. The checker calls it for every instance of a generic type or
// function, and for the receiver type parameters of methods (tparams: the type's, targs: the
// receiver's).
void record_instance(Package *pkg, Pos pos, TypeList tparams, TypeList targs);
// Reports instantiation cycles that grow without end (`type T[P any] struct { f *T[*P] }` in
// functions: "instantiation cycle").
void check_instantiation_cycles(Package *pkg);

// ---- packages and the checker's entry points

typedef struct Initializer {
  ObjectList lhs;
  Expr *rhs;
} Initializer; // var lhs… = rhs; lhs may hold "_"

struct Package {
  const char *path; // import path; "main" for a command; what symbols start with
  const char *dir;
  Atom name;
  Scope *scope;
  VEC(File *) files;
  VEC(Package *) imports; // direct, each once, sorted by path
  const char *goversion;  // "go1.21" of go.mod; "" = newest
  bool is_std;
  bool checked;      // bodies too
  bool compile_only; // -c of single files (as go tool compile): functions without body are allowed
  VEC(Initializer) inits; // in order of initialisation (initorder.c)
  ObjectList init_funcs;  // func init, in order of files
  ObjectList funcs; // all declared functions and methods with their objects, source order; generic
                    // ones too
  ObjectList types; // all declared type names, package-level and local, source order
  ObjectList vars;  // package-level variables, source order
  VEC(Linkname) linknames;
  // How imports of a file are found: set by load. NULL: not found (already reported).
  Package *(*import)(void *ctx, Package *from, const char *path, Pos pos);
  void *import_ctx;
  struct PackageInfo *check; // the checker's own
  void *irgen;
};

void types_init(Arena *a); // once
Package *package_new(const char *path, Atom name);
// Declares all objects of pkg->files in their scopes (errors: redeclarations, imports not used are
// found by check_bodies).
void check_collect(Package *pkg);
void check_object(Object *o); // resolves type and value; reports cycles. No-op when black.
// Checks everything of the package: all objects, all bodies, unused names, init order. Check
// diag_count() afterwards.
void check_package(Package *pkg);
// Checks the body of one function of any package, if not yet done (generic functions of imported
// packages, inlining).
void check_func_body(Object *fn);
bool lang_at_least(Package *pkg, const File *file, int minor); // go1.minor

#endif
