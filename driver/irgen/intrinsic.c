// intrinsic.c: functions that are instructions: atomics, bit operations, some of math, and what the
// runtime asks of the compiler.
//
// One table, symbol to operation. The types come from the function's signature, so one line serves
// every width. Floor and its kin, and FMA, are instructions only above x86-64-v1: below, Go's own
// sources are used.
#include "driver/irgen/gen.h"
#include <stdlib.h>
#include <string.h>

typedef enum Op {
  OP_LOAD,
  OP_STORE,
  OP_XCHG,
  OP_CAS,
  OP_ADD_NEW, // atomic, the new value
  OP_AND_OLD,
  OP_OR_OLD, // atomic, the old value (or no result)
  OP_UNARY,  // an LLVM intrinsic on the argument's type
  OP_BINARY, // … on two
  OP_BITCAST,
  OP_CLZ,
  OP_LEN,
  OP_CTZ,
  OP_POP,
  OP_REV,
  OP_BSWAP,
  OP_ROTL,
  OP_ADD_CARRY,
  OP_SUB_BORROW,
  OP_MUL_WIDE,
  OP_FUNCPC,
  OP_KEEPALIVE,
  OP_PREFETCH,
  OP_NOTHING,
  OP_CALLERPC,
  OP_CALLERSP,
  OP_CLOSUREPTR,
  OP_BYTES_EQUAL,
  OP_PAUSE,
  OP_TESTING,
} Op;

typedef struct Intrinsic {
  const char *symbol;
  Op op;
  const char *arg; // of OP_UNARY, OP_BINARY: LLVM's name
  const char *cpu; // "v2", "v3": instructions from this level on; NULL: always
} Intrinsic;

static const Intrinsic table[] = {
#define SA "sync/atomic."
#define RA "internal/runtime/atomic."
    {SA "SwapInt32", OP_XCHG, 0, 0},
    {SA "SwapInt64", OP_XCHG, 0, 0},
    {SA "SwapUint32", OP_XCHG, 0, 0},
    {SA "SwapUint64", OP_XCHG, 0, 0},
    {SA "SwapUintptr", OP_XCHG, 0, 0},
    {SA "SwapPointer", OP_XCHG, 0, 0},
    {SA "CompareAndSwapInt32", OP_CAS, 0, 0},
    {SA "CompareAndSwapInt64", OP_CAS, 0, 0},
    {SA "CompareAndSwapUint32", OP_CAS, 0, 0},
    {SA "CompareAndSwapUint64", OP_CAS, 0, 0},
    {SA "CompareAndSwapUintptr", OP_CAS, 0, 0},
    {SA "CompareAndSwapPointer", OP_CAS, 0, 0},
    {SA "AddInt32", OP_ADD_NEW, 0, 0},
    {SA "AddInt64", OP_ADD_NEW, 0, 0},
    {SA "AddUint32", OP_ADD_NEW, 0, 0},
    {SA "AddUint64", OP_ADD_NEW, 0, 0},
    {SA "AddUintptr", OP_ADD_NEW, 0, 0},
    {SA "AndInt32", OP_AND_OLD, 0, 0},
    {SA "AndInt64", OP_AND_OLD, 0, 0},
    {SA "AndUint32", OP_AND_OLD, 0, 0},
    {SA "AndUint64", OP_AND_OLD, 0, 0},
    {SA "AndUintptr", OP_AND_OLD, 0, 0},
    {SA "OrInt32", OP_OR_OLD, 0, 0},
    {SA "OrInt64", OP_OR_OLD, 0, 0},
    {SA "OrUint32", OP_OR_OLD, 0, 0},
    {SA "OrUint64", OP_OR_OLD, 0, 0},
    {SA "OrUintptr", OP_OR_OLD, 0, 0},
    {SA "LoadInt32", OP_LOAD, 0, 0},
    {SA "LoadInt64", OP_LOAD, 0, 0},
    {SA "LoadUint32", OP_LOAD, 0, 0},
    {SA "LoadUint64", OP_LOAD, 0, 0},
    {SA "LoadUintptr", OP_LOAD, 0, 0},
    {SA "LoadPointer", OP_LOAD, 0, 0},
    {SA "StoreInt32", OP_STORE, 0, 0},
    {SA "StoreInt64", OP_STORE, 0, 0},
    {SA "StoreUint32", OP_STORE, 0, 0},
    {SA "StoreUint64", OP_STORE, 0, 0},
    {SA "StoreUintptr", OP_STORE, 0, 0},
    {SA "StorePointer", OP_STORE, 0, 0},

    {RA "Load", OP_LOAD, 0, 0},
    {RA "Loadp", OP_LOAD, 0, 0},
    {RA "Load8", OP_LOAD, 0, 0},
    {RA "Load64", OP_LOAD, 0, 0},
    {RA "LoadAcq", OP_LOAD, 0, 0},
    {RA "LoadAcq64", OP_LOAD, 0, 0},
    {RA "LoadAcquintptr", OP_LOAD, 0, 0},
    {RA "Loaduintptr", OP_LOAD, 0, 0},
    {RA "Loaduint", OP_LOAD, 0, 0},
    {RA "Loadint32", OP_LOAD, 0, 0},
    {RA "Loadint64", OP_LOAD, 0, 0},
    {RA "Store", OP_STORE, 0, 0},
    {RA "Store8", OP_STORE, 0, 0},
    {RA "Store64", OP_STORE, 0, 0},
    {RA "StoreRel", OP_STORE, 0, 0},
    {RA "StoreRel64", OP_STORE, 0, 0},
    {RA "StoreReluintptr", OP_STORE, 0, 0},
    {RA "StorepNoWB", OP_STORE, 0, 0},
    {RA "Storeint32", OP_STORE, 0, 0},
    {RA "Storeint64", OP_STORE, 0, 0},
    {RA "Storeuintptr", OP_STORE, 0, 0},
    {RA "storePointer", OP_STORE, 0, 0},
    {RA "Xadd", OP_ADD_NEW, 0, 0},
    {RA "Xadd64", OP_ADD_NEW, 0, 0},
    {RA "Xadduintptr", OP_ADD_NEW, 0, 0},
    {RA "Xaddint32", OP_ADD_NEW, 0, 0},
    {RA "Xaddint64", OP_ADD_NEW, 0, 0},
    {RA "Xchg", OP_XCHG, 0, 0},
    {RA "Xchg64", OP_XCHG, 0, 0},
    {RA "Xchguintptr", OP_XCHG, 0, 0},
    {RA "Xchgint32", OP_XCHG, 0, 0},
    {RA "Xchgint64", OP_XCHG, 0, 0},
    {RA "Xchg8", OP_XCHG, 0, 0},
    {RA "And8", OP_AND_OLD, 0, 0},
    {RA "And", OP_AND_OLD, 0, 0},
    {RA "And32", OP_AND_OLD, 0, 0},
    {RA "And64", OP_AND_OLD, 0, 0},
    {RA "Anduintptr", OP_AND_OLD, 0, 0},
    {RA "Or8", OP_OR_OLD, 0, 0},
    {RA "Or", OP_OR_OLD, 0, 0},
    {RA "Or32", OP_OR_OLD, 0, 0},
    {RA "Or64", OP_OR_OLD, 0, 0},
    {RA "Oruintptr", OP_OR_OLD, 0, 0},
    {RA "Cas", OP_CAS, 0, 0},
    {RA "Cas64", OP_CAS, 0, 0},
    {RA "CasRel", OP_CAS, 0, 0},
    {RA "Casp1", OP_CAS, 0, 0},
    {RA "Casint32", OP_CAS, 0, 0},
    {RA "Casint64", OP_CAS, 0, 0},
    {RA "Casuintptr", OP_CAS, 0, 0},
    {RA "casPointer", OP_CAS, 0, 0},

    {"math.Sqrt", OP_UNARY, "llvm.sqrt", 0},
    {"math.sqrt", OP_UNARY, "llvm.sqrt", 0},
    {"math.Abs", OP_UNARY, "llvm.fabs", 0},
    {"math.Copysign", OP_BINARY, "llvm.copysign", 0},
    {"math.Floor", OP_UNARY, "llvm.floor", "v2"},
    {"math.Ceil", OP_UNARY, "llvm.ceil", "v2"},
    {"math.Trunc", OP_UNARY, "llvm.trunc", "v2"},
    {"math.RoundToEven", OP_UNARY, "llvm.roundeven", "v2"},
    {"math.FMA", OP_UNARY, "llvm.fma", "v3"},
    {"math.Float64bits", OP_BITCAST, 0, 0},
    {"math.Float64frombits", OP_BITCAST, 0, 0},
    {"math.Float32bits", OP_BITCAST, 0, 0},
    {"math.Float32frombits", OP_BITCAST, 0, 0},

#define MB "math/bits."
    {MB "LeadingZeros", OP_CLZ, 0, 0},
    {MB "LeadingZeros8", OP_CLZ, 0, 0},
    {MB "LeadingZeros16", OP_CLZ, 0, 0},
    {MB "LeadingZeros32", OP_CLZ, 0, 0},
    {MB "LeadingZeros64", OP_CLZ, 0, 0},
    {MB "Len", OP_LEN, 0, 0},
    {MB "Len8", OP_LEN, 0, 0},
    {MB "Len16", OP_LEN, 0, 0},
    {MB "Len32", OP_LEN, 0, 0},
    {MB "Len64", OP_LEN, 0, 0},
    {MB "TrailingZeros", OP_CTZ, 0, 0},
    {MB "TrailingZeros8", OP_CTZ, 0, 0},
    {MB "TrailingZeros16", OP_CTZ, 0, 0},
    {MB "TrailingZeros32", OP_CTZ, 0, 0},
    {MB "TrailingZeros64", OP_CTZ, 0, 0},
    {MB "OnesCount", OP_POP, 0, 0},
    {MB "OnesCount8", OP_POP, 0, 0},
    {MB "OnesCount16", OP_POP, 0, 0},
    {MB "OnesCount32", OP_POP, 0, 0},
    {MB "OnesCount64", OP_POP, 0, 0},
    {MB "Reverse", OP_REV, 0, 0},
    {MB "Reverse8", OP_REV, 0, 0},
    {MB "Reverse16", OP_REV, 0, 0},
    {MB "Reverse32", OP_REV, 0, 0},
    {MB "Reverse64", OP_REV, 0, 0},
    {MB "ReverseBytes", OP_BSWAP, 0, 0},
    {MB "ReverseBytes16", OP_BSWAP, 0, 0},
    {MB "ReverseBytes32", OP_BSWAP, 0, 0},
    {MB "ReverseBytes64", OP_BSWAP, 0, 0},
    {MB "RotateLeft", OP_ROTL, 0, 0},
    {MB "RotateLeft8", OP_ROTL, 0, 0},
    {MB "RotateLeft16", OP_ROTL, 0, 0},
    {MB "RotateLeft32", OP_ROTL, 0, 0},
    {MB "RotateLeft64", OP_ROTL, 0, 0},
    {MB "Add", OP_ADD_CARRY, 0, 0},
    {MB "Add64", OP_ADD_CARRY, 0, 0},
    {MB "Add32", OP_ADD_CARRY, 0, 0},
    {MB "Sub", OP_SUB_BORROW, 0, 0},
    {MB "Sub64", OP_SUB_BORROW, 0, 0},
    {MB "Sub32", OP_SUB_BORROW, 0, 0},
    {MB "Mul", OP_MUL_WIDE, 0, 0},
    {MB "Mul64", OP_MUL_WIDE, 0, 0},
    {MB "Mul32", OP_MUL_WIDE, 0, 0},

#define RS "runtime/internal/sys."
#define IS "internal/runtime/sys."
    {RS "TrailingZeros32", OP_CTZ, 0, 0},
    {RS "TrailingZeros64", OP_CTZ, 0, 0},
    {RS "TrailingZeros8", OP_CTZ, 0, 0},
    {RS "Len64", OP_LEN, 0, 0},
    {RS "Len8", OP_LEN, 0, 0},
    {RS "LeadingZeros64", OP_CLZ, 0, 0},
    {RS "LeadingZeros8", OP_CLZ, 0, 0},
    {RS "Bswap32", OP_BSWAP, 0, 0},
    {RS "Bswap64", OP_BSWAP, 0, 0},
    {RS "OnesCount64", OP_POP, 0, 0},
    {RS "Prefetch", OP_PREFETCH, 0, 0},
    {RS "PrefetchStreamed", OP_PREFETCH, 0, 0},
    {IS "TrailingZeros32", OP_CTZ, 0, 0},
    {IS "TrailingZeros64", OP_CTZ, 0, 0},
    {IS "TrailingZeros8", OP_CTZ, 0, 0},
    {IS "Len64", OP_LEN, 0, 0},
    {IS "Len8", OP_LEN, 0, 0},
    {IS "LeadingZeros64", OP_CLZ, 0, 0},
    {IS "LeadingZeros8", OP_CLZ, 0, 0},
    {IS "Bswap32", OP_BSWAP, 0, 0},
    {IS "Bswap64", OP_BSWAP, 0, 0},
    {IS "OnesCount64", OP_POP, 0, 0},
    {IS "Prefetch", OP_PREFETCH, 0, 0},
    {IS "PrefetchStreamed", OP_PREFETCH, 0, 0},
    {IS "GetCallerPC", OP_CALLERPC, 0, 0},
    {IS "GetCallerSP", OP_CALLERSP, 0, 0},
    {IS "GetClosurePtr", OP_CLOSUREPTR, 0, 0},
    {"runtime.getcallerpc", OP_CALLERPC, 0, 0},
    {"runtime.getcallersp", OP_CALLERSP, 0, 0},
    {"runtime.getclosureptr", OP_CLOSUREPTR, 0, 0},
    {"internal/runtime/math.Mul64", OP_MUL_WIDE, 0, 0},
    {"internal/runtime/math.Add64", OP_ADD_CARRY, 0, 0},
    {"runtime/internal/math.Mul64", OP_MUL_WIDE, 0, 0},
    {"runtime/internal/math.Add64", OP_ADD_CARRY, 0, 0},

    {"internal/abi.FuncPCABI0", OP_FUNCPC, 0, 0},
    {"internal/abi.FuncPCABIInternal", OP_FUNCPC, 0, 0},
    {"runtime.KeepAlive", OP_KEEPALIVE, 0, 0},
    {"runtime.publicationBarrier", OP_NOTHING, 0, 0},
    {"crypto/internal/boring/sig.BoringCrypto", OP_NOTHING, 0, 0},
    {"crypto/internal/boring/sig.FIPSOnly", OP_NOTHING, 0, 0},
    {"crypto/internal/boring/sig.StandardCrypto", OP_NOTHING, 0, 0},
    {"internal/bytealg.Equal", OP_BYTES_EQUAL, 0, 0},
    {"bytes.Equal", OP_BYTES_EQUAL, 0, 0},
    {"runtime.procyield", OP_PAUSE, 0, 0},
    {"testing.Testing", OP_TESTING, 0, 0},
};

static int by_symbol(const void *a, const void *b) {
  return strcmp(((const Intrinsic *)a)->symbol, ((const Intrinsic *)b)->symbol);
}

static const Intrinsic *find(const char *symbol) {
  static Intrinsic sorted[LEN(table)];
  static bool ready;
  if (!ready) {
    memcpy(sorted, table, sizeof table);
    qsort(sorted, LEN(table), sizeof *sorted, by_symbol);
    ready = true;
  }
  Intrinsic key = {.symbol = symbol};
  return bsearch(&key, sorted, LEN(table), sizeof *sorted, by_symbol);
}

static bool cpu_has(Gen *g, const char *level) {
  const char *cpu = g->opt->cpu ? g->opt->cpu : "";
  if (!level)
    return true;
  return !strncmp(cpu, "x86-64-v", 8) && cpu[8] >= level[1];
}

// ---- LLVM's

VRef intrinsic(Fn *f, const char *name, LLVMTypeRef overload, VRef *args, int n) {
  unsigned id = LLVMLookupIntrinsicID(name, strlen(name));
  if (!id)
    ice(f->pos, "no intrinsic %s", name);
  VRef fn = LLVMGetIntrinsicDeclaration(f->g->m, id, &overload, overload ? 1 : 0);
  LLVMTypeRef t = LLVMIntrinsicGetType(f->g->ctx, id, &overload, overload ? 1 : 0);
  return LLVMBuildCall2(f->b, t, fn, args, (unsigned)n, "");
}

// fptosi is poison for what the integer type does not hold; the machine's instruction is not, and
// LLVM leaves it alone when it folds constants. amd64: its result is then the smallest integer.
VRef float_truncate(Fn *f, VRef v, LLVMTypeRef to) {
  Gen *g = f->g;
  bool single = LLVMGetTypeKind(LLVMTypeOf(v)) == LLVMFloatTypeKind, word = to == g->i64;
  LLVMTypeRef vector = LLVMVectorType(LLVMTypeOf(v), single ? 4 : 2);
  VRef arg = LLVMBuildInsertElement(f->b, LLVMConstNull(vector), v, const_i64(g, 0), "");
  const char *name = single ? (word ? "llvm.x86.sse.cvttss2si64" : "llvm.x86.sse.cvttss2si")
                            : (word ? "llvm.x86.sse2.cvttsd2si64" : "llvm.x86.sse2.cvttsd2si");
  return intrinsic(f, name, NULL, &arg, 1);
}

static VRef on_type(Fn *f, const char *name, VRef x) {
  return intrinsic(f, name, LLVMTypeOf(x), &x, 1);
}

// Counting of zeros: a zero operand gives the width.
static VRef count(Fn *f, const char *name, VRef x) {
  VRef args[] = {x, LLVMConstInt(f->g->i1, 0, 0)};
  return intrinsic(f, name, LLVMTypeOf(x), args, 2);
}

static VRef resize(Fn *f, VRef v, LLVMTypeRef t) {
  return LLVMBuildIntCast2(f->b, v, t, 0, "");
}

// ---- atomics

static const LLVMAtomicOrdering seq = LLVMAtomicOrderingSequentiallyConsistent;

static VRef atomic_load(Fn *f, VRef p, LLVMTypeRef t, int64_t size) {
  VRef v = LLVMBuildLoad2(f->b, t, p, "");
  LLVMSetOrdering(v, seq);
  LLVMSetAlignment(v, (unsigned)size);
  return v;
}

static void atomic_store(Fn *f, VRef p, VRef v, int64_t size) {
  VRef s = LLVMBuildStore(f->b, v, p);
  LLVMSetOrdering(s, seq);
  LLVMSetAlignment(s, (unsigned)size);
}

static VRef rmw(Fn *f, LLVMAtomicRMWBinOp op, VRef p, VRef v) {
  return LLVMBuildAtomicRMW(f->b, op, p, v, seq, 0);
}

static VRef cas(Fn *f, VRef p, VRef old, VRef new) {
  return LLVMBuildExtractValue(f->b, LLVMBuildAtomicCmpXchg(f->b, p, old, new, seq, seq, 0), 1, "");
}

// ---- arithmetic in several words

static VRef pair_result(Fn *f, VRef agg, int i) {
  return LLVMBuildExtractValue(f->b, agg, (unsigned)i, "");
}

// x + y + c, or x - y - c: result and carry as 0 or 1.
static void with_carry(Fn *f, const char *op, Value *a, VRef *out) {
  VRef xy[] = {a[0].v[0], a[1].v[0]};
  LLVMTypeRef t = LLVMTypeOf(xy[0]);
  VRef first = intrinsic(f, op, t, xy, 2);
  VRef sc[] = {pair_result(f, first, 0), a[2].v[0]};
  VRef second = intrinsic(f, op, t, sc, 2);
  out[0] = pair_result(f, second, 0);
  out[1] = LLVMBuildZExt(
      f->b, LLVMBuildOr(f->b, pair_result(f, first, 1), pair_result(f, second, 1), ""), t, "");
}

static void mul_wide(Fn *f, Value *a, VRef *out) {
  LLVMTypeRef t = LLVMTypeOf(a[0].v[0]);
  unsigned w = LLVMGetIntTypeWidth(t);
  LLVMTypeRef wide = LLVMIntTypeInContext(f->g->ctx, 2 * w);
  VRef p = LLVMBuildMul(f->b, LLVMBuildZExt(f->b, a[0].v[0], wide, ""),
                        LLVMBuildZExt(f->b, a[1].v[0], wide, ""), "");
  out[0] = LLVMBuildTrunc(f->b, LLVMBuildLShr(f->b, p, LLVMConstInt(wide, w, 0), ""), t, "hi");
  out[1] = LLVMBuildTrunc(f->b, p, t, "lo");
}

static VRef rotate(Fn *f, VRef x, VRef k) {
  VRef args[] = {x, x, resize(f, k, LLVMTypeOf(x))};
  return intrinsic(f, "llvm.fshl", LLVMTypeOf(x), args, 3);
}

static VRef bit_reverse(Fn *f, VRef x) {
  return on_type(f, "llvm.bitreverse", x);
}

// ---- of the runtime

static void keep_alive(Fn *f, VRef p) {
  Gen *g = f->g;
  LLVMTypeRef t = LLVMFunctionType(g->voidt, &g->ptr, 1, 0);
  VRef code = LLVMGetInlineAsm(t, "", 0, "r", 1, 1, 0, LLVMInlineAsmDialectATT, 0);
  call_attributes(f, LLVMBuildCall2(f->b, t, code, &p, 1, ""));
}

static void pause_loop(Fn *f, VRef n) {
  (void)n;
  LLVMTypeRef t = LLVMFunctionType(f->g->voidt, NULL, 0, 0);
  VRef code = LLVMGetInlineAsm(t, "pause", 5, "", 0, 1, 0, LLVMInlineAsmDialectATT, 0);
  call_attributes(f, LLVMBuildCall2(f->b, t, code, NULL, 0, ""));
}

static void prefetch(Fn *f, VRef address) {
  Gen *g = f->g;
  VRef p = LLVMGetTypeKind(LLVMTypeOf(address)) == LLVMPointerTypeKind
               ? address
               : LLVMBuildIntToPtr(f->b, address, g->ptr, "");
  VRef args[] = {p, const_i32(g, 0), const_i32(g, 3), const_i32(g, 1)};
  intrinsic(f, "llvm.prefetch", g->ptr, args, 4);
}

// The code address in a func value in an interface.
static VRef func_pc(Fn *f, Value x) {
  VRef fv = x.v[x.n - 1];
  VRef code = LLVMBuildLoad2(f->b, f->g->ptr, fv, "");
  return LLVMBuildPtrToInt(f->b, code, f->g->i64, "");
}

static VRef caller_pc(Fn *f) {
  VRef zero = const_i32(f->g, 0);
  return LLVMBuildPtrToInt(f->b, intrinsic(f, "llvm.returnaddress", NULL, &zero, 1), f->g->i64, "");
}

static VRef caller_sp(Fn *f) {
  VRef p = intrinsic(f, "llvm.addressofreturnaddress", f->g->ptr, NULL, 0);
  return LLVMBuildAdd(f->b, LLVMBuildPtrToInt(f->b, p, f->g->i64, ""), const_i64(f->g, 8), "");
}

// Two []byte as strings.
static VRef bytes_equal(Fn *f, Value x, Value y) {
  Type *s = t_basic[TYPE_STRING];
  return same_type_equal(f, value2(s, x.v[0], x.v[1]), value2(s, y.v[0], y.v[1]));
}

// Is the program one of goc test? Its link says so (driver/link.c), where gc's sets a variable.
static VRef testing_flag(Fn *f, LLVMTypeRef rt) {
  Gen *g = f->g;
  VRef flag = LLVMGetNamedGlobal(g->m, "goc_testing");
  if (!flag) {
    flag = LLVMAddGlobal(g->m, g->i8, "goc_testing");
    LLVMSetVisibility(flag, LLVMHiddenVisibility);
  }
  VRef v = LLVMBuildLoad2(f->b, g->i8, flag, "");
  return LLVMGetIntTypeWidth(rt) == 8
             ? v
             : LLVMBuildICmp(f->b, LLVMIntNE, v, LLVMConstInt(g->i8, 0, 0), "");
}

// ---- the table's meaning

static VRef one_result(Fn *f, const Intrinsic *in, Value *a, LLVMTypeRef rt, int64_t size) {
  VRef x = a ? a[0].v[0] : NULL;
  VRef args[3];
  switch (in->op) {
  case OP_LOAD: return atomic_load(f, x, rt, size);
  case OP_STORE: // sync declares a result that nobody looks at
    atomic_store(f, x, a[1].v[0], size);
    return a[1].v[0];
  case OP_XCHG: return rmw(f, LLVMAtomicRMWBinOpXchg, x, a[1].v[0]);
  case OP_CAS: return cas(f, x, a[1].v[0], a[2].v[0]);
  case OP_ADD_NEW:
    return LLVMBuildAdd(f->b, rmw(f, LLVMAtomicRMWBinOpAdd, x, a[1].v[0]), a[1].v[0], "");
  case OP_AND_OLD: return rmw(f, LLVMAtomicRMWBinOpAnd, x, a[1].v[0]);
  case OP_OR_OLD: return rmw(f, LLVMAtomicRMWBinOpOr, x, a[1].v[0]);
  case OP_UNARY:
    if (strcmp(in->arg, "llvm.fma"))
      return on_type(f, in->arg, x);
    for (int i = 0; i < 3; i++)
      args[i] = a[i].v[0];
    return intrinsic(f, in->arg, LLVMTypeOf(x), args, 3);
  case OP_BINARY: return intrinsic(f, in->arg, LLVMTypeOf(x), (VRef[]){x, a[1].v[0]}, 2);
  case OP_BITCAST: return LLVMBuildBitCast(f->b, x, rt, "");
  case OP_CLZ: return resize(f, count(f, "llvm.ctlz", x), rt);
  case OP_LEN: {
    VRef w = const_i64(f->g, LLVMGetIntTypeWidth(LLVMTypeOf(x)));
    return resize(f, LLVMBuildSub(f->b, w, resize(f, count(f, "llvm.ctlz", x), f->g->i64), ""), rt);
  }
  case OP_CTZ: return resize(f, count(f, "llvm.cttz", x), rt);
  case OP_POP: return resize(f, on_type(f, "llvm.ctpop", x), rt);
  case OP_REV: return bit_reverse(f, x);
  case OP_BSWAP: return on_type(f, "llvm.bswap", x);
  case OP_ROTL: return rotate(f, x, a[1].v[0]);
  case OP_FUNCPC: return func_pc(f, a[0]);
  case OP_CALLERPC: return caller_pc(f);
  case OP_CALLERSP: return caller_sp(f);
  case OP_CLOSUREPTR: return LLVMBuildPtrToInt(f->b, f->ctx, f->g->i64, "");
  case OP_BYTES_EQUAL: return bytes_equal(f, a[0], a[1]);
  case OP_TESTING: return testing_flag(f, rt);
  default: ice(f->pos, "intrinsic %s", in->symbol);
  }
}

static void no_result(Fn *f, const Intrinsic *in, Value *a, int64_t size) {
  switch (in->op) {
  case OP_STORE: atomic_store(f, a[0].v[0], a[1].v[0], size); break;
  case OP_AND_OLD: rmw(f, LLVMAtomicRMWBinOpAnd, a[0].v[0], a[1].v[0]); break;
  case OP_OR_OLD: rmw(f, LLVMAtomicRMWBinOpOr, a[0].v[0], a[1].v[0]); break;
  case OP_KEEPALIVE: keep_alive(f, a[0].v[1]); break;
  case OP_PREFETCH: prefetch(f, a[0].v[0]); break;
  case OP_PAUSE: pause_loop(f, a[0].v[0]); break;
  case OP_NOTHING: break;
  default: ice(f->pos, "intrinsic %s", in->symbol);
  }
}

static bool is_atomic(Op op) {
  return op <= OP_OR_OLD;
}

static Values emit(Fn *f, const Intrinsic *in, Sig *sig, Value *args) {
  Gen *g = f->g;
  Values vs = {NEW_ARRAY(f->arena, Value, 3), sig->nresults};
  VRef two[2];
  if (is_atomic(in->op))
    nil_check(f, args[0].v[0]);
  if (sig->nresults == 0) {
    int64_t size = sig->nparams > 1 ? type_size(sig->params[1]) : 0;
    no_result(f, in, args, size);
    return vs;
  }
  Type *rt = sig->results[0];
  if (sig->nresults == 1) {
    LLVMTypeRef llt = lltype_scalar(g, flat_of(g, rt)->kind[0]);
    vs.v[0] = value_scalar(rt, one_result(f, in, args, llt, type_size(rt)));
    return vs;
  }
  if (in->op == OP_MUL_WIDE)
    mul_wide(f, args, two);
  else
    with_carry(f, in->op == OP_ADD_CARRY ? "llvm.uadd.with.overflow" : "llvm.usub.with.overflow",
               args, two);
  for (int i = 0; i < 2; i++)
    vs.v[i] = value_scalar(sig->results[i], two[i]);
  return vs;
}

// Whether the function can be instructions here: caller's addresses only where the function itself
// would be inlined, which it always is.
bool intrinsic_call(Fn *f, Object *fn, const char *symbol, Sig *sig, Value *args, Values *out) {
  (void)fn;
  const Intrinsic *in = find(symbol);
  if (!in || !cpu_has(f->g, in->cpu))
    return false;
  *out = emit(f, in, sig, args);
  return true;
}

bool intrinsic_known(const char *symbol) {
  return find(symbol) != NULL;
}

void intrinsic_body(Fn *f, const char *symbol, Value *params) {
  const Intrinsic *in = find(symbol);
  if (!in)
    ice(f->pos, "no intrinsic %s", symbol);
  Values vs = emit(f, in, f->sig, params);
  fn_return(f, vs.v, vs.n);
}
