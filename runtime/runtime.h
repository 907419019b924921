// runtime.h: what generated code and the runtime share: Go's words in C, and the functions of
// runtime.def.
//
// Glossary
//   word      8 bytes;  eface  interface{}: {type, data};  iface  {itab, data};  func value pointer
//   to {code, captures…} kinds     LEAF, GSTACK, SYS, BLOCK: on which stack a function runs
//   (docs/abi.md)
//
// The layouts of type descriptors are gc's internal/abi, bit for bit: the unmodified reflect reads
// them.
#ifndef GOC_RUNTIME_H
#define GOC_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef intptr_t intgo;
typedef uintptr_t uintgo;

typedef struct String {
  const uint8_t *ptr;
  intgo len;
} String;
typedef struct Slice {
  void *ptr;
  intgo len, cap;
} Slice;
typedef struct FuncVal {
  void *code;
} FuncVal; // captures follow

// A 32-bit offset of a name, a type or text is the low half of its address; 0 is none.
typedef int32_t NameOff, TypeOff, TextOff;

enum {
  TFLAG_UNCOMMON = 1,
  TFLAG_EXTRASTAR = 2,
  TFLAG_NAMED = 4,
  TFLAG_REGULARMEMORY = 8,
  TFLAG_UNROLLEDBITMAP = 16
};
enum { KIND_DIRECTIFACE = 1 << 5, KIND_GCPROG = 1 << 6, KIND_MASK = (1 << 5) - 1 };
typedef enum Kind {
  KIND_INVALID,
  KIND_BOOL,
  KIND_INT,
  KIND_INT8,
  KIND_INT16,
  KIND_INT32,
  KIND_INT64,
  KIND_UINT,
  KIND_UINT8,
  KIND_UINT16,
  KIND_UINT32,
  KIND_UINT64,
  KIND_UINTPTR,
  KIND_FLOAT32,
  KIND_FLOAT64,
  KIND_COMPLEX64,
  KIND_COMPLEX128,
  KIND_ARRAY,
  KIND_CHAN,
  KIND_FUNC,
  KIND_INTERFACE,
  KIND_MAP,
  KIND_POINTER,
  KIND_SLICE,
  KIND_STRING,
  KIND_STRUCT,
  KIND_UNSAFEPOINTER
} Kind;

typedef struct RType {                    // internal/abi.Type, 48 bytes
  uintptr_t size;                         // bytes
  uintptr_t ptrbytes;                     // prefix that can hold pointers
  uint32_t hash;                          // FNV-1 of the canonical string
  uint8_t tflag, align, fieldalign, kind; // kind: Kind | KIND_DIRECTIFACE | KIND_GCPROG
  FuncVal *equal;                         // func(p, q unsafe.Pointer) bool, NULL: not comparable
  const uint8_t *gcdata; // bit i: word i is a pointer; with KIND_GCPROG a program (runtime/go
                         // documentation of reflect: decoded by gc.c)
  NameOff str;
  TypeOff ptrtothis;
} RType;

typedef struct IMethod {
  NameOff name;
  TypeOff type;
} IMethod;
typedef struct RMethod {
  NameOff name;
  TypeOff mtyp;
  TextOff ifn, tfn;
} RMethod;
typedef struct Uncommon {
  NameOff pkgpath;
  uint16_t mcount, xcount;
  uint32_t moff, unused;
} Uncommon;
typedef struct StructField {
  const uint8_t *name;
  RType *type;
  uintptr_t offset;
} StructField;
typedef struct ArrayType {
  RType t;
  RType *elem, *slice;
  uintptr_t len;
} ArrayType;
typedef struct ChanType {
  RType t;
  RType *elem;
  intgo dir;
} ChanType; // dir: 1 recv, 2 send, 3 both
typedef struct FuncType {
  RType t;
  uint16_t incount, outcount;
} FuncType; // outcount top bit: variadic; then [uncommon], in and out types
typedef struct InterfaceType {
  RType t;
  const uint8_t *pkgpath;
  IMethod *methods;
  intgo nmethods, cap;
} InterfaceType;
typedef struct MapType {
  RType t;
  RType *key, *elem, *bucket; // bucket: unused by goc's maps, NULL
  FuncVal *hasher;            // func(p unsafe.Pointer, seed uintptr) uintptr
  uint8_t keysize, valuesize; // of a slot: 8 when indirect
  uint16_t bucketsize;
  uint32_t flags; // 1 indirect key, 2 indirect elem, 4 reflexive key, 8 need key update, 16 hash
                  // might panic
} MapType;
typedef struct PtrType {
  RType t;
  RType *elem;
} PtrType;
typedef struct SliceType {
  RType t;
  RType *elem;
} SliceType;
typedef struct StructType {
  RType t;
  const uint8_t *pkgpath;
  StructField *fields;
  intgo nfields, cap;
} StructType;

typedef struct Itab {
  InterfaceType *inter;
  RType *type;
  uint32_t hash;  // copy of type->hash
  uint32_t leaks; // leak bits of all methods (abi.md), gc's padding
  void *fun[1];   // one code pointer a method, in the order of inter->methods; fun[0] == NULL: type
                  // does not implement inter
} Itab;

typedef struct Eface {
  RType *type;
  void *data;
} Eface;
typedef struct Iface {
  Itab *tab;
  void *data;
} Iface;

// One checkpoint record for each call of a function that defers; it lives in the frame. irgen
// reserves DEFER_RECORD_SIZE bytes, aligned to 16.
typedef struct DeferRecord {
  struct DeferRecord *link; // of the same goroutine, the caller's
  uintptr_t sp, pc, rbx, rbp, r12, r13, r14, r15, limit;
  uintptr_t seq; // counter of the G that panics share
  uintptr_t n;   // func values pushed
  FuncVal *fn[8];
  Slice overflow; // of func values, those after the eighth
} DeferRecord;
#define DEFER_RECORD_SIZE 192

// Layout string of a function (its prefix data, code[-8], is its 32-bit address; code[-4] the leak
// bits): how reflectcall turns ABI0's memory frame into registers and back. Bytes: u32 size of the
// argument area, u32 offset of the results, u32 size of the whole frame, u16 number of argument
// steps, u16 number of result steps, then the steps, 4 bytes each: {u16 offset in words of 1 byte…
// see kinds}.
//   step {u24 offset (bytes), u8 kind}   kinds: LAYOUT_I8…
// A function with an out pointer has one LAYOUT_OUT step first among the arguments (offset: that of
// the result area). A by-pointer parameter is LAYOUT_REF: the word is the address of the copy in
// the frame.
enum {
  LAYOUT_BOOL = 1,
  LAYOUT_I8,
  LAYOUT_U8,
  LAYOUT_I16,
  LAYOUT_U16,
  LAYOUT_I32,
  LAYOUT_U32,
  LAYOUT_WORD,
  LAYOUT_F32,
  LAYOUT_F64,
  LAYOUT_REF,
  LAYOUT_OUT
};
typedef struct Layout {
  uint32_t argsize, retoffset, framesize; // bytes
  uint16_t nargs, nrets;                  // steps
  uint32_t steps[];                       // offset | kind << 24
} Layout;

#define ASMLABEL(sym) __asm__(sym)

// Roots: section goc_roots has one entry for each global with pointers.
typedef struct Root {
  void *addr;
  uintptr_t size;
  const uint8_t *mask;
} Root; // size in bytes; mask: bit i is word i

// The table that the driver writes at link time (object goc.main.o): symbols goc_inittab (code
// pointers, in order), goc_ninit (a word) and goc_mainmain.
extern void *const goc_inittab[];
extern const uintptr_t goc_ninit;
extern void *const goc_mainmain;

#endif
