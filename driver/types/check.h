// check.h: private header of the checker: its state, operands, and what chk*.c share with each
// other and with typecore's files.
//
// One Checker serves the whole run. All packages are resolved through it lazily, as if they were
// one big package: check_object(o) switches the environment to o's package and file, and back. What
// needs complete types is put off with check_later and runs when the outermost check_object (or
// statement) ends.
//
// Named types while they are being declared: named.underlying is set to the (still empty) literal
// type as soon as its kind is known, so that recursive references see the kind. It may for a while
// be another TYPE_NAMED (type A B): under() follows such chains, resolves white objects with
// check_object, and gives t_basic[TYPE_INVALID] if there is nothing (yet). Once the declaration is
// finished it is neither TYPE_NAMED nor TYPE_TYPEPARAM. Methods: named.methods holds the objects,
// whose type is NULL until check_object(m).
#ifndef GOC_CHECK_H
#define GOC_CHECK_H

#include "driver/types/types.h"

enum { CHECK_MAX_DEPTH = 10000 }; // of nested expressions and types

typedef VEC(int) IntList;

typedef struct Operand {
  Mode mode;
  Type *type;
  ConstVal *val; // MODE_CONST
  Expr *expr;
  BuiltinId id; // MODE_BUILTIN
} Operand;

// What the checker knows of a package-level object besides its Decl.
typedef struct DeclInfo {
  File *file;
  Object **lhs; // var a, b = f(): all objects of the left side; NULL for 1:1
  int nlhs;
  Expr *type; // const, var
  Expr *init;
  int iota;
  bool inherited;
  ObjectList deps; // package-level constants, variables and functions its initializer or body
                   // mentions, each once
  PtrMap *depset;
} DeclInfo;

typedef struct TypeAt {
  Type *type;
  Pos pos;
} TypeAt;
// A large array that a function keeps in its frame besides its variables.
typedef struct FrameTemp {
  FuncInfo *func;
  Type *type;
} FrameTemp;

// What the checker knows of a package.
typedef struct PackageInfo {
  bool collected; // check_collect was here
  bool checking; // check_package has begun: literals of package-level initializers are checked, too
  bool fake;     // an import that failed: its names are not missed
  PtrMap *methods;    // base type name to the ObjectList of its methods, until the type is resolved
  ObjectList all;     // all objects with a declaration, in source order
  ObjectList imports; // package names of all files
  VEC(Pos) local_embeds;       // go:embed in functions
  VEC(struct FrameTemp) temps; // large temporaries of functions
  VEC(TypeAt) sizes;           // arrays and channels that may be too large
  VEC(TypeAt) ifaces;          // interface literals, without those inside of others
  VEC(struct Later) pending;   // literals' bodies of initializers, until check_package
} PackageInfo;

// The surroundings of what is being checked.
typedef struct Env {
  Package *pkg;
  File *file;
  Scope *scope;
  FuncInfo *func; // body being checked (a literal's or a range body's, too); NULL at package level
  Type *sig; // signature whose results a return statement has: of func, or of the function around a
             // range body
  TypeList
      tparams;    // type parameters of the functions around (receiver's, too): outer of local types
  ConstVal *iota; // in a constant declaration; NULL elsewhere
  Pos errpos;     // inherited constant declaration: where errors are reported; else line 0
  DeclInfo *decl; // collects dependencies; may be NULL
  bool in_iface;  // inside an interface literal
  bool in_tparam_list; // inside a type parameter list
  bool has_call;       // a call or receive was seen (len(x) then is no constant)
  bool has_label;      // current function has labels
  bool in_range_func;  // inside the body of a range over a function
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
  ObjectList path;       // objects being resolved, outermost first
  VEC(Later) later;      // put-off actions, each runs in the environment it was made in
  int depth;             // nesting of expressions and types (limit: hostile input)
  PtrMap *blank_tparams; // EXPR_NAME "_" of a receiver's type parameter to its type
  PtrMap *inst_pos;      // instance of a named type to the Pos where it was written first
  PtrMap *shift_lhs;     // untyped left operands of non-constant shifts
  uint32_t seq; // counts local declarations: what a literal may see of the scopes around it
  int busy;     // > 0: something is being checked, put-off actions stay queued
};
extern Checker *checker; // checker->env.pkg is the package messages are relative to

// ---- universe.c, chkdecl.c, collect.c
PackageInfo *check_pkginfo(Package *p); // made on first use
Object *object_new(ObjectKind kind, Pos pos, Package *pkg, Atom name, Type *type);
ConstVal *check_unknown(void);
void check_set_env(Checker *c, Env env); // keeps types_relative in step
void check_error(Checker *c, Pos pos, const char *fmt, ...)
    PRINTF(3, 4); // drops follow-on errors that mention invalid types, as types2
void check_later(Checker *c, void (*f)(Checker *c, void *arg), void *arg);
void check_run_later(Checker *c,
                     int from); // runs and removes the put-off actions from index `from` on
void check_obj_decl(Checker *c, Object *o); // check_object without running put-off actions
void check_decl_stmt(Checker *c, Decl **decls, int n);
void check_add_dep(Checker *c, Object *o);
bool check_lang(Checker *c, Pos pos, int minor,
                const char *what); // false and "what requires go1.N or later" if too old
bool check_allowed(Checker *c, int minor);
Object *check_declare(Checker *c, Scope *s,
                      Object *o); // inserts; reports "x redeclared in this block"; sets seq
void check_add_local(Checker *c, Object *v); // v becomes a variable of the current function
void check_arity(Checker *c, Pos pos, ExprList *names, ExprList *inits, bool is_const,
                 bool inherited);
void check_valid_type(Checker *c, Type *t); // reports "invalid recursive type"
void check_cycle_error(Checker *c, Object **cycle, int n, int start);
const char *check_qname(Checker *c, Object *o); // o as messages name it: pkg.Name of other packages
Expr *check_unpack_recv(Expr *t, bool *ptr, Expr **index);
void check_init_order(Package *pkg);        // initorder.c
void check_large_temp(Checker *c, Type *t); // the current function copies a value of type t
void check_post(Checker *c, Package *pkg);  // postcheck.c: after all else, without errors so far

// ---- chktype.c
Type *check_type(Checker *c, Expr *e);                // any type
Type *check_var_type(Checker *c, Expr *e);            // of a variable: no constraint interface
Type *check_def_type(Checker *c, Expr *e, Type *def); // def: the named type being declared, or NULL
Type *check_incomplete(void);         // element of an array, slice or map that is being declared
bool check_is_incomplete(Type *elem); // whether it is that
void check_valid_var_type(Checker *c, Expr *e, Type *t);
void check_ident(Checker *c, Operand *x, Expr *e, Type *def, bool want_type);
bool check_type_list(Checker *c, ExprList *l, TypeList *out); // false: one of them is invalid
void check_record_instance(Checker *c, Pos pos, TypeList tparams, TypeList targs, ExprList *xlist);

// ---- chkiface.c
void check_interface_type(Checker *c, Type *t, Expr *e, Type *def); // fills t
Type *check_union(Checker *c, Expr *e);                             // A | ~B
Type *check_declare_type_param(Checker *c, Expr *name, int index);
void check_type_params(Checker *c, FieldList *fields, TypeList *out);

// ---- chksig.c
void check_func_type(Checker *c, Type *sig, Expr *e, Field *recv, Scope *scope, FuncInfo *owner);

// ---- chkexpr.c, operand.c, convert.c, literal.c, index.c
// What the value of an expression will be assigned to, for the inference of a generic function's
// type arguments.
typedef struct Target {
  Type *sig;
  const char *desc;
} Target;
typedef enum ExprClass { CLASS_CONVERSION, CLASS_EXPRESSION, CLASS_STATEMENT } ExprClass;

ExprClass check_raw_expr(Checker *c, Target *target, Operand *x, Expr *e, Type *hint,
                         bool allow_generic);
void check_expr(Checker *c, Target *target, Operand *x, Expr *e); // single value
Target *check_target(Checker *c, Type *t, const char *desc); // NULL unless t is a function type
// Several values of one expression: *list has *n operands; *commaok: the second is the "ok" of a
// comma-ok form.
void check_multi_expr(Checker *c, Expr *e, bool allow_commaok, Operand **list, int *n,
                      bool *commaok);
void check_expr_list(Checker *c, Expr **l, int n, Operand **list, int *nout);
void check_expr_with_hint(Checker *c, Operand *x, Expr *e, Type *hint);
void check_expr_or_type(Checker *c, Operand *x, Expr *e, bool allow_generic);
void check_generic_expr(Checker *c, Operand *x, Expr *e);
void check_non_generic(Checker *c, Target *t, Operand *x);
void check_record(Checker *c, Operand *x); // mode, type and val into the tree
void check_record_type(Expr *e, Mode mode, Type *t, ConstVal *val);
void check_record_commaok(Checker *c, Expr *e);
void check_record_def(Expr *name, Object *o); // a declared name is a variable expression, too
void check_exclude(Checker *c, Operand *x, unsigned modes);
void check_single_value(Checker *c, Operand *x);
void check_unary(Checker *c, Operand *x, Expr *e);
void check_binary(Checker *c, Operand *x, Expr *e, Expr *lhs, Expr *rhs,
                  Tok op); // e NULL: lhs op= rhs
void check_comparison(Checker *c, Operand *x, Operand *y, Tok op, bool switch_case);
void check_match_types(Checker *c, Operand *x, Operand *y);
void check_overflow(Checker *c, Operand *x, Pos oppos);
void check_type_assertion(Checker *c, Expr *e, Operand *x, Type *t, bool type_switch);
void check_func_lit(Checker *c, Operand *x, Expr *e);

const char *check_operand_string(Checker *c,
                                 Operand *x); // as types2 describes operands in messages

typedef enum ConvCode { CONV_OK, CONV_TRUNCATED, CONV_OVERFLOW, CONV_INVALID } ConvCode;
Type *check_implicit_type(Checker *c, Operand *x, Type *target, ConstVal **val, ConvCode *code);
void check_convert_untyped(Checker *c, Operand *x, Type *target);
void check_finish_untyped(Checker *c,
                          Operand *x); // default type for an operand nobody gives a type
void check_update_expr_type(Checker *c, Expr *x, Type *t, bool final);
void check_update_expr_val(Expr *x, ConstVal *val);
void check_representable(Checker *c, Operand *x, Type *t);
void check_assignment(Checker *c, Operand *x, Type *t, const char *context); // t NULL: default type
bool check_assignable(Checker *c, Operand *x, Type *t, const char **cause);
void check_conversion(Checker *c, Operand *x, Type *t);

const char *check_lookup_error(Checker *c, Type *t, Atom sel, Object *alt, bool struct_lit);
bool check_composite(Checker *c, Operand *x, Expr *e, Type *hint); // false: reported
bool check_index_expr(Checker *c, Operand *x,
                      Expr *e); // true: x is a generic function to instantiate
void check_slice_expr(Checker *c, Operand *x, Expr *e);
bool check_valid_index(Checker *c, Operand *x, const char *what, bool allow_negative);
Type *check_index(Checker *c, Expr *index, int64_t max, int64_t *val); // val: -1 if not constant
bool check_under_is(Type *t, bool (*f)(void *ctx, Type *u),
                    void *ctx); // over all types of a type parameter; u NULL: none

// ---- marks on variables (escape.c's facts): at the root of an addressable expression
void check_mark_addr(Checker *c, Expr *e);     // &e, implicit address: addrtaken
void check_mark_assigned(Checker *c, Expr *e); // e = …: reassigned
void check_mark_use(Checker *c, Object *v);    // captures
bool check_use(Checker *c,
               ExprList *l); // evaluates after an error, for the marks; false: one is invalid
bool check_use_expr(Checker *c, Expr *e, bool lhs);

// ---- chkcall.c, builtin.c, selector.c
ExprClass check_call(Checker *c, Operand *x, Expr *e);
bool check_builtin(Checker *c, Operand *x, Expr *e, BuiltinId id);
ExprClass check_builtin_class(BuiltinId id);
const char *check_builtin_name(BuiltinId id);
// Checks args against sig and infers; gives the signature, instantiated if it was generic and all
// went well.
typedef struct CallArgs {
  Operand **args;
  int n;
  TypeList
      *targs; // partial type arguments of generic function arguments; NULL or one list for each
} CallArgs;
Type *check_arguments(Checker *c, Expr *call, Type *sig, TypeList targs, ExprList *xlist,
                      CallArgs *a);
void check_selector(Checker *c, Operand *x, Expr *e, Type *def, bool want_type);
// Instantiates the generic function x by inst's type arguments and, if they are not enough, by
// inference (infer) from the target. Gives the partial type arguments if it may not infer.
bool check_func_inst(Checker *c, Target *t, Pos pos, Operand *x, Expr *inst, bool infer,
                     TypeList *partial);

// ---- chkstmt.c, chkassign.c, range.c, terminate.c
void check_func_body_now(Checker *c, FuncInfo *fi, DeclInfo *decl, File *file);
void check_stmt(Checker *c, Stmt *s);
void check_stmt_list(Checker *c, StmtList *l);
void check_range(Checker *c, Stmt *s);
const char *check_object_string(Checker *c, Object *o); // "var x int"
void check_init_var(Checker *c, Object *lhs, Operand *x, const char *context);
void check_init_vars(Checker *c, Object **lhs, int nlhs, Expr **rhs, int nrhs, Stmt *ret);
void check_assign_var(Checker *c, Expr *lhs, Expr *rhs, Operand *x, const char *context);
void check_assign_vars(Checker *c, ExprList *lhs, ExprList *rhs);
void check_short_var_decl(Checker *c, Stmt *s);
const char *check_types_summary(Checker *c, Type **types, int n, bool variadic);
bool check_terminating(Stmt *body);

// ---- typecore
// type_set computes an interface's set on first use and reports at the methods' positions
// "duplicate method m" then. An interface under construction (iface.incomplete) has the top type
// set, which is not cached.

extern Arena *types_arena; // where everything is made; set by types_init
void type_init(void);      // type.c: creates t_basic, t_byte, t_rune, t_emptyiface and its caches;
                           // called by types_init first

#endif
