// syntax.h: Go source text to trees. The tree is also where the checker leaves its results
// (types.h) and what irgen reads.
//
// Glossary (the specification's words, else those of cmd/compile/internal/syntax)
//   node position  that of the token that is unique to the node, as in gc: '(' of a call, '[' of an
//   index, '.' … see `pos`
//                  of Expr; messages of the checker use expr_start, the leftmost position
//   pragma         //go:noinline and the like, on the declaration that follows
//
// Files: scan.c (scanner), parser.c (tokens, errors), decl.c (files, declarations), typeexpr.c
// (types), expr.c, stmt.c,
//        imports.c (imports alone), pragma.c (//go: directives), branch.c (labels, targets of
//        break, continue, goto), dump.c (trees as text), node.c (expr_start, expr_string and other
//        walks). parser.h is theirs alone.
#ifndef GOC_SYNTAX_H
#define GOC_SYNTAX_H

#include "driver/base/base.h"

// ---- tokens

typedef enum Tok {
#define TOKEN(k, s)   k,
#define OP(k, s, p)   k,
#define KEYWORD(k, s) k,
#include "tokens.def"
#undef TOKEN
#undef OP
#undef KEYWORD
  TOK_COUNT
} Tok;

const char *tok_text(Tok t); // "<<", "for", "name"
int tok_prec(Tok t);         // of a binary operator, 1 (||) to 5 (*); 0 for others

typedef struct Token {
  Tok kind;
  Tok op; // TOK_ASSIGNOP: the operator, TOK_ADD for +=
  Pos pos;
  const char
      *text;  // names: an atom; literals: the source text; TOK_SEMI: "semicolon", "newline", "EOF"
  size_t len; // bytes of text
  bool bad;   // a literal with an error, already reported
} Token;

typedef struct Scanner Scanner;
// src must be NUL-terminated and outlive the scanner. Errors go to diag. `comment` (may be NULL) is
// called with each line directive and //go: comment: text without the "//", position of the "//".
typedef void (*CommentFn)(void *ctx, Pos pos, const char *text, size_t len);
Scanner *scan_new(Arena *a, uint16_t file, const char *src, size_t len, CommentFn comment,
                  void *ctx);
Token scan_next(Scanner *s);

// ---- trees

typedef struct Expr Expr;
typedef struct Stmt Stmt;
typedef struct Decl Decl;
typedef struct File File;
typedef VEC(Expr *) ExprList;
typedef VEC(Stmt *) StmtList;
typedef VEC(Decl *) DeclList;

struct Type;      // types.h
struct ConstVal;  // types.h
struct Object;    // types.h
struct Scope;     // types.h
struct Selection; // types.h
struct Signature; // types.h
struct FuncInfo;  // types.h: what the checker knows of a function body (captures, has defer, …)

typedef enum ExprKind {
#define EXPR(k, s) k,
#define STMT(k, s)
#define DECL(k, s)
#include "nodes.def"
#undef EXPR
#undef STMT
#undef DECL
  EXPR_COUNT
} ExprKind;

typedef enum StmtKind {
#define EXPR(k, s)
#define STMT(k, s) k,
#define DECL(k, s)
#include "nodes.def"
#undef EXPR
#undef STMT
#undef DECL
  STMT_COUNT
} StmtKind;

typedef enum DeclKind {
#define EXPR(k, s)
#define STMT(k, s)
#define DECL(k, s) k,
#include "nodes.def"
#undef EXPR
#undef STMT
#undef DECL
  DECL_COUNT
} DeclKind;

// How the checker classifies an expression (go/types' operandMode).
typedef enum Mode {
  MODE_NONE,     // not checked
  MODE_INVALID,  // had an error, already reported
  MODE_NOVALUE,  // a call without results
  MODE_BUILTIN,  // a predeclared function
  MODE_TYPE,     // a type
  MODE_CONST,    // a constant: val
  MODE_VAR,      // addressable
  MODE_MAPINDEX, // m[k]: assignable, not addressable; comma-ok possible
  MODE_VALUE,    // a computed value
  MODE_NIL,      // the predeclared nil; type is the type it takes, or untyped nil
  MODE_COMMAOK,  // like value, comma-ok possible
  MODE_PKGNAME,  // the fmt of fmt.Println
} Mode;

// A field, parameter, result or type parameter list entry, one for each name. `a, b int` gives two
// that share `type`.
typedef struct Field {
  Pos pos;         // of the name, or of the type when there is no name
  Expr *name;      // EXPR_NAME, or NULL (embedded field, unnamed parameter)
  Expr *type;      // EXPR_ELLIPSIS for the last, variadic parameter
  const char *tag; // struct field: the literal's value, or NULL
  size_t taglen;
  Expr *taglit; // its literal, or NULL
  bool embedded;
  struct Object *obj; // set by the checker
} Field;
typedef VEC(Field *) FieldList;

struct Expr {
  ExprKind kind;
  Pos pos;

  // Set by the checker (types.h) and by nobody else. In a generic function's body types mention its
  // type parameters.
  Mode mode;
  bool commaok;         // used in a two-value context: v, ok = x
  bool implicit_deref;  // EXPR_INDEX, EXPR_SLICE, ranges: x is a pointer to an array
  struct Type *type;    // final type: untyped constants have taken their type; a call with several
                        // results has a tuple
  struct ConstVal *val; // MODE_CONST

  union {
    struct {
      Atom id;
      struct Object *obj;
      struct Type **targs;
      int ntargs;
    } name; // obj: what it denotes or declares;
            // targs: of an instantiated generic function
    struct {
      Tok tok;
      const char *text;
      size_t len;
    } lit; // source text
    struct {
      Expr *type;
      ExprList elems;
      Pos rbrace;
      bool implicit_addr;
    } comp; // type NULL if elided; elems may be EXPR_KEYVALUE;
            // implicit_addr: elided &T; Expr.type is then still the literal's T
    struct {
      Expr *key, *val;
      int index;
    } kv; // index: field number, set by the checker for struct literals
    struct {
      Expr *type;
      Stmt *body;
      struct FuncInfo *info;
    } func;
    struct {
      Expr *x;
    } paren;
    struct {
      Expr *x;
      Expr *sel;
      struct Selection *selection;
    } selector; // sel: EXPR_NAME; selection NULL for pkg.Name
                // (then sel->name.obj is the object)
    struct {
      Expr *x;
      ExprList index;
    } index; // more than one index: type arguments
    struct {
      Expr *x;
      Expr *i[3];
      bool full;
    } slice; // absent ones NULL; full: x[i:j:k]
    struct {
      Expr *x;
      Expr *type;
    } tassert;
    struct {
      Expr *lhs;
      Expr *x;
    } guard; // lhs: EXPR_NAME or NULL
    struct {
      Expr *fun;
      ExprList args;
      bool dots;
      int builtin;
    } call; // builtin: BuiltinId of types.h when fun is MODE_BUILTIN
            // fun is MODE_TYPE: a conversion
    struct {
      Tok op;
      Expr *x;
    } unary;
    struct {
      Tok op;
      Expr *x, *y;
    } binary;
    struct {
      Expr *x;
    } star;
    struct {
      Expr *elem;
    } ellipsis;
    struct {
      Expr *len;
      Expr *elem;
    } array; // len: EXPR_ELLIPSIS for [...]T
    struct {
      Expr *elem;
    } slicetype;
    struct {
      FieldList fields;
    } structtype;
    struct {
      FieldList tparams, params, results;
    } functype;
    struct {
      FieldList methods;
      ExprList embeds;
    } iface; // methods: type is EXPR_FUNCTYPE; embeds: types, ~T, unions by EXPR_BINARY |
    struct {
      Expr *key, *elem;
    } map;
    struct {
      Expr *elem;
      int dir;
    } chan; // dir: CHAN_BOTH, CHAN_SEND, CHAN_RECV
  };
};
enum { CHAN_BOTH, CHAN_SEND, CHAN_RECV }; // chan T, chan<- T, <-chan T

typedef struct Clause {
  Pos pos;        // of case or default
  ExprList cases; // switch: values or types; empty and is_default for default
  bool is_default;
  Stmt *comm; // select: the send, receive, assign or define; NULL for default
  StmtList body;
  Pos colon, end;
  struct Object *obj; // type switch with a name: the clause's own variable (types.h), NULL if it is
                      // unused or there is none
  struct Scope *scope;
} Clause;
typedef VEC(Clause *) ClauseList;

struct Stmt {
  StmtKind kind;
  Pos pos;
  union {
    Expr *x; // STMT_EXPR
    struct {
      Expr *ch, *val;
    } send;
    struct {
      Expr *x;
      Tok op;
    } incdec; // TOK_INC, TOK_DEC
    struct {
      ExprList lhs, rhs;
    } assign; // STMT_ASSIGN, STMT_DEFINE. In a define a name whose obj was declared
              // here has name.obj->pos equal to its own pos
    struct {
      Tok op;
      Expr *lhs, *rhs;
    } opassign;
    struct {
      DeclList decls;
    } decl;
    struct {
      StmtList list;
      Pos rbrace;
    } block;
    struct {
      Expr *label;
      Stmt *stmt;
    } labeled;
    struct {
      Expr *call;
    } go; // STMT_GO, STMT_DEFER; call is any expression until checked
    struct {
      ExprList results;
    } ret;
    struct {
      Tok tok;
      Expr *label;
      Stmt *target;
    } branch; // target, set by the parser (branch.c): the for, switch, select or range statement;
              // goto: the STMT_LABELED. NULL for fallthrough. All errors
              // of labels, break, continue, goto, fallthrough are reported
    struct {
      Stmt *init;
      Expr *cond;
      Stmt *then;
      Stmt *els;
    } ifs;
    struct {
      Stmt *init;
      Expr *cond;
      Stmt *post;
      Stmt *body;
    } fors;
    struct {
      Expr *key, *val, *extra;
      bool def;
      Expr *x;
      Stmt *body;
      Pos rangepos;
      struct FuncInfo *info;
    } range; // extra: a third variable, an error of the checker's; def: ":="; info: for range over
             // func, the body as a function
    struct {
      Stmt *init;
      Expr *tag;
      ClauseList clauses;
      Pos rbrace;
    } switches; // STMT_SWITCH: tag may be NULL; STMT_TYPESWITCH: EXPR_TYPESWITCHGUARD
    struct {
      ClauseList clauses;
      Pos rbrace;
    } select;
  };
};

// Pragmas, one bit each; unknown ones are ignored as in gc.
enum {
  PRAGMA_NOINLINE = 1 << 0,
  PRAGMA_NOESCAPE = 1 << 1,
  PRAGMA_NOSPLIT = 1 << 2,
  PRAGMA_LINKNAME = 1 << 3,
  PRAGMA_UINTPTRESCAPES = 1 << 4,
  PRAGMA_UINTPTRKEEPALIVE = 1 << 5,
  PRAGMA_NORACE = 1 << 6,
  PRAGMA_NOTINHEAP = 1 << 7,
  PRAGMA_SYSTEMSTACK = 1 << 8,
  PRAGMA_NOWRITEBARRIER = 1 << 9,
};

typedef struct Embed {
  Pos pos; // of the directive
  Pos at;  // of the pattern
  const char *pattern;
} Embed; // one pattern of a //go:embed line
typedef VEC(Embed) EmbedList;

typedef struct EmbedFile {
  const char *name; // with slashes, relative to the package
  const char *data;
  size_t len;
} EmbedFile;
typedef VEC(EmbedFile) EmbedFiles;

struct Decl {
  DeclKind kind;
  Pos pos;   // of the name (func, type), of the first name (var, const), of the path (import)
  int group; // declarations in one pair of parentheses share a number > 0; 0: alone
  File *file;
  unsigned pragmas;
  EmbedList embeds;    // DECL_VAR
  EmbedFiles embedded; // what embeds stand for, each file once; set by the driver (embed_resolve)
  union {
    struct {
      Expr *name;
      const char *path;
      size_t pathlen;
      struct Object *obj;
    } import; // name: NULL, or Name (".", "_" too)
    struct {
      ExprList names;
      Expr *type;
      ExprList values;
      int iota;
      bool inherited;
    } cons; // inherited: type and values are those of an
    // earlier line of the group (shared trees; the checker evaluates them anew with this iota)
    struct {
      Expr *name;
      FieldList tparams;
      bool alias;
      Expr *type;
    } type;
    struct {
      ExprList names;
      Expr *type;
      ExprList values;
    } var;
    struct {
      Field *recv;
      Expr *name;
      Expr *type;
      Stmt *body;
      Pos start, end;
      struct FuncInfo *info;
    } func; // start: what follows
    // "func", gc's position of the function in -m lines ("can inline T.M"); type: EXPR_FUNCTYPE
    // with tparams; body NULL: none
  };
};

typedef struct Linkname {
  Pos pos;
  Atom local;
  Atom target;
} Linkname; // target NULL: //go:linkname local

typedef struct Reserved {
  Pos pos;
  unsigned flag;
  Atom text;
} Reserved; // a directive not for everyone, see check_reserved

struct File {
  const char *path; // as given to the system
  uint16_t posfile; // number in the table of diag.c
  Expr *name;       // package clause
  Pos package_pos;
  const char *goversion; // from a //go:build go1.N line: "go1.21", or NULL (set by load)
  DeclList decls;
  DeclList imports;        // those of decls that are imports
  VEC(Linkname) linknames; // the functions and variables named have PRAGMA_LINKNAME
  VEC(Reserved) reserved;
  struct Scope *scope; // file scope, set by the checker
};

// Parses one file. Errors are queued in diag; the tree is as complete as it can be (EXPR_BAD,
// STMT_BAD). Never NULL. name: as messages show it. src: NUL-terminated at src[len], and must live
// as long as the tree.
File *parse_file(Arena *a, const char *name, const char *src, size_t len);
// Parses package clause and imports only (for load). The first error in them is queued, in the
// words of the go command (go/parser's, not the compiler's). What follows the imports is not looked
// at.
File *parse_imports(Arena *a, const char *name, const char *src, size_t len);
// Reports directives that only the standard library (std), or only package runtime, may use.
void check_reserved(const File *f, bool std, bool runtime);
// Parses one expression or type (tests).
Expr *parse_expr_string(Arena *a, const char *src);

// ---- node.c
Pos expr_start(const Expr *x); // leftmost position
Expr *unparen(Expr *x);
void expr_write(
    Buf *b,
    const Expr *x); // as gc prints expressions in messages: "x.f(a, b...)", "func() {…}" shortened
const char *expr_string(const Expr *x); // an atom
// Value of a literal: string (TOK_STRING, bytes) and rune (TOK_CHAR). The literal must be free of
// errors.
void lit_string(Buf *b, const Expr *lit);
uint32_t lit_rune(const Expr *lit);

// ---- dump.c
void dump_tokens(FILE *out, const char *name, const char *src, size_t len); // -d tokens
void dump_file(FILE *out, const File *f);                                   // -d ast

#endif
