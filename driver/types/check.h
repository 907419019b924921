// check.h: private header of the checker: its state, operands, and what chk*.c share with each other and with typecore's files.
//
// One Checker serves the whole run. All packages are resolved through it lazily, as if they were one big package:
// check_object(o) switches the environment to o's package and file, and back. What needs complete types is put off with
// check_later and runs when the outermost check_object (or statement) ends.
//
// Named types while they are being declared: named.underlying is set to the (still empty) literal type as soon as its kind is known,
// so that recursive references see the kind. It may for a while be another TYPE_NAMED (type A B): under() follows such chains,
// resolves white objects with check_object, and gives t_basic[TYPE_INVALID] if there is nothing (yet). Once the declaration is
// finished it is neither TYPE_NAMED nor TYPE_TYPEPARAM. Methods: named.methods holds the objects, whose type is NULL until check_object(m).
#ifndef GOC_CHECK_H
#define GOC_CHECK_H

#include "driver/types/types.h"

typedef struct Operand {
  Mode mode;
  Type *type;
  ConstVal *val; // MODE_CONST
  Expr *expr;
  BuiltinId id;  // MODE_BUILTIN
} Operand;

// What the checker knows of a package-level object besides its Decl.
typedef struct DeclInfo {
  File *file;
  Object **lhs;     // var a, b = f(): all objects of the left side; NULL for 1:1
  int nlhs;
  Expr *type;       // const, var
  Expr *init;
  int iota;
  bool inherited;
  ObjectList deps;  // package-level constants, variables and functions its initializer or body mentions, each once
  PtrMap *depset;
} DeclInfo;

// What the checker knows of a package.
typedef struct PackageInfo {
  bool collected; // check_collect was here
  bool checking;  // check_package has begun: literals of package-level initializers are checked, too
  bool broken;    // labels and branches are wrong: gc calls these syntax errors and stops
  bool fake;      // an import that failed: its names are not missed
  PtrMap *methods;    // base type name to the ObjectList of its methods, until the type is resolved
  ObjectList all;     // all objects with a declaration, in source order
  ObjectList imports; // package names of all files
  VEC(struct Later) pending; // literals' bodies of initializers, until check_package
  VEC(struct Instance) instances; // for the detection of instantiation cycles
} PackageInfo;

// One instantiation tparams := targs at pos (argpos[i] of explicit arguments) in a package.
typedef struct Instance {
  Pos pos;
  TypeList tparams, targs;
  const Pos *argpos;
  int nargpos;
} Instance;

// The surroundings of what is being checked.
typedef struct Env {
  Package *pkg;
  File *file;
  Scope *scope;
  FuncInfo *func;     // body being checked (a literal's or a range body's, too); NULL at package level
  Type *sig;          // signature whose results a return statement has: of func, or of the function around a range body
  TypeList tparams;   // type parameters of the functions around (receiver's, too): outer of local types
  ConstVal *iota;     // in a constant declaration; NULL elsewhere
  Pos errpos;         // inherited constant declaration: where errors are reported; else line 0
  DeclInfo *decl;     // collects dependencies; may be NULL
  bool in_tparam_list; // inside a type parameter list
  bool has_call;      // a call or receive was seen (len(x) then is no constant)
  bool has_label;     // current function has labels
  bool in_range_func; // inside the body of a range over a function
} Env;

typedef struct Checker Checker;
typedef struct Later {
  void (*f)(Checker *c, void *arg);
  void *arg;
  Env env;
} Later;

struct Checker {
  Arena *arena;
  Env env;
  ObjectList path;     // objects being resolved, outermost first
  VEC(Later) later;    // put-off actions, each runs in the environment it was made in
  int depth;           // nesting of expressions and types (limit: hostile input)
  PtrMap *blank_tparams; // EXPR_NAME "_" of a receiver's type parameter to its type
  PtrMap *shift_lhs;   // untyped left operands of non-constant shifts
  uint32_t seq;        // counts local declarations: what a literal may see of the scopes around it
  int busy;            // > 0: something is being checked, put-off actions stay queued
};
extern Checker *checker; // checker->env.pkg is the package messages are relative to

// ---- chkdecl.c, universe.c
PackageInfo *check_pkginfo(Package *p); // made on first use
void check_error(Checker *c, Pos pos, const char *fmt, ...) PRINTF(3, 4); // drops follow-on errors that mention invalid types, as types2
void check_later(Checker *c, void (*f)(Checker *c, void *arg), void *arg);
void check_run_later(Checker *c, int from); // runs and removes the put-off actions from index `from` on
void check_obj_decl(Checker *c, Object *o);  // check_object without running put-off actions
void check_decl_stmt(Checker *c, Decl **decls, int n);
void check_add_dep(Checker *c, Object *o);
bool check_lang(Checker *c, Pos pos, int minor, const char *what); // false and "what requires go1.N or later" if too old
bool check_allowed(Checker *c, int minor);
Object *object_new(ObjectKind kind, Pos pos, Package *pkg, Atom name, Type *type);
Object *check_declare(Checker *c, Scope *s, Object *o); // inserts; reports "x redeclared in this block"; sets seq
void check_type_params(Checker *c, FieldList *fields, TypeList *out);
void check_func_sig_recv(Checker *c, Type *sig, Field *recv);
void check_init_order(Package *pkg);
bool check_invalid_recursive(Checker *c, Object *tname); // reports "invalid recursive type"
const char *check_qname(Checker *c, Object *o);          // o as messages name it: pkg.Name of other packages

// ---- chktype.c
Type *check_type(Checker *c, Expr *e);                       // any type but a constraint interface
Type *check_var_type(Checker *c, Expr *e);                   // also not a constraint interface: type of a variable
Type *check_def_type(Checker *c, Expr *e, Type *def);        // def: the named type being declared, or NULL
Type *check_generic_type(Checker *c, Expr *e, const char **cause); // generic, not instantiated
Type *check_func_type(Checker *c, Expr *e, Field *recv, Scope *scope); // scope receives the parameters
void check_ident(Checker *c, Operand *x, Expr *e, Type *def, bool want_type);
Type *check_type_or_nil(Checker *c, Expr *e); // case nil in type switches: NULL

// ---- chkexpr.c
void check_raw_expr(Checker *c, Type *target, Operand *x, Expr *e, Type *hint, bool allow_generic);
void check_expr(Checker *c, Type *target, Operand *x, Expr *e);  // single value
void check_multi_expr(Checker *c, Expr *e, Operand *x);          // value, tuple or commaok
void check_expr_with_hint(Checker *c, Operand *x, Expr *e, Type *hint);
void check_expr_or_type(Checker *c, Operand *x, Expr *e, bool allow_generic);
void check_generic_expr(Checker *c, Operand *x, Expr *e);
void check_record(Checker *c, Operand *x);                       // mode, type and val into the tree
void check_exclude(Checker *c, Operand *x, unsigned modes);
void check_single_value(Checker *c, Operand *x);
void check_convert_untyped(Checker *c, Operand *x, Type *target);
void check_implicit_type(Checker *c, Operand *x, Type *target, Type **out, ConstVal **val, int *code);
void check_update_expr_type(Checker *c, Expr *x, Type *t, bool final);
void check_representable(Checker *c, Operand *x, Type *t);
void check_assignment(Checker *c, Operand *x, Type *t, const char *context); // t NULL: default type
void check_comparison(Checker *c, Operand *x, Operand *y, Tok op);
void check_match_types(Checker *c, Operand *x, Operand *y);
void check_binary(Checker *c, Operand *x, Expr *e, Expr *lhs, Expr *rhs, Tok op);
void check_overflow(Checker *c, Operand *x, Pos oppos);
bool check_valid_index(Checker *c, Operand *x, const char *what, bool allow_negative);
bool check_index_expr(Checker *c, Operand *x, Expr *e); // false: done; true: x is a generic function to instantiate
int64_t check_index(Checker *c, Expr *index, int64_t max);
const char *check_operand_string(Checker *c, Operand *x); // as types2 describes operands in messages
void check_use(Checker *c, ExprList *l);                  // evaluates for side effects on "used" after an error
void check_use_expr(Checker *c, Expr *e);
void check_func_lit(Checker *c, Operand *x, Expr *e);
void check_mark_addr(Expr *e);     // &e, implicit address: addrtaken of the variable at its root
void check_mark_assigned(Expr *e); // e = …: reassigned
void check_mark_use(Checker *c, Object *v); // captures
bool check_assignable(Checker *c, Operand *x, Type *t, const char **cause);

// ---- chkcall.c
void check_call(Checker *c, Operand *x, Expr *e);
bool check_builtin(Checker *c, Operand *x, Expr *e, BuiltinId id);
void check_conversion(Checker *c, Operand *x, Type *t);
void check_selector(Checker *c, Operand *x, Expr *e, Type *def, bool want_type);
void check_func_inst(Checker *c, Type *target, Pos pos, Operand *x, Expr *inst, bool infer);
void check_generic_expr_list(Checker *c, ExprList *l, Operand ***out, int *n);

// ---- chkstmt.c
void check_func_body_now(Checker *c, FuncInfo *fi, DeclInfo *decl, const char *name);
void check_init_vars(Checker *c, Object **lhs, int nlhs, ExprList *rhs, Stmt *ret);
void check_var_init(Checker *c, Object **lhs, int nlhs, Expr **rhs, int nrhs, Stmt *ret);
void check_unused_vars(Checker *c, FuncInfo *fi);
void check_labels(Checker *c, FuncInfo *fi);
bool check_terminating(Stmt *body);

// ---- typecore
// type_set computes an interface's set on first use and reports at the methods' positions "duplicate method m" then.
// An interface under construction (iface.incomplete) has the top type set, which is not cached.

extern Arena *types_arena; // where everything is made; set by types_init
void type_init(void);      // type.c: creates t_basic, t_byte, t_rune, t_emptyiface and its caches; called by types_init first

#endif
