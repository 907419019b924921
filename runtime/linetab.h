// linetab.h: the table of functions, lines and inlined calls that the driver appends to an
// executable (driver/linetab.c) and the runtime maps at the first traceback (trace.c).
//
// The last 32 bytes of the file are a LineTabTrailer; at its offset stands a LineTab, then, at the
// offsets it names (bytes from the start of the LineTab; all sections 4-byte aligned): functions
// sorted by address, inline nodes, row streams, strings. Everything is little endian.
//
// Rows of a function, nrows of them, each a few varints (LEB128; "s": zigzag):
//   uvarint  pc - pc of the row before (the first: pc - lo)
//   svarint  line - line of the row before (the first: line - the function's line)
//   uvarint  2*node + f    node: inline node, 0 is the function itself, i > 0 is nodes[inl + i - 1]
//   uvarint  file          only if f == 1 (a string offset); f == 0: file of the row before (the
//   first: the function's file)
// A row holds from its pc to the next row's pc, the last one to the function's end. Rows that
// change nothing are left out. Line and file of a row are those of the innermost frame; a node says
// where its body was called in its parent. Look up a return address minus 1.
#ifndef GOC_LINETAB_H
#define GOC_LINETAB_H

#include <stdint.h>

#define LINETAB_MAGIC "goc linetab 1\n\0" // 16 bytes with the terminating zero

typedef struct LineTabTrailer {
  uint64_t offset, size; // of the LineTab in the file, bytes
  char magic[16];        // LINETAB_MAGIC
} LineTabTrailer;

typedef struct LineTab {
  char magic[16];
  uint32_t nfuncs, funcs; // count and offset of LineFunc[]
  uint32_t nnodes, nodes; // LineNode[]
  uint32_t rowsize, rows; // row streams: bytes and offset
  uint32_t strsize, strs; // NUL-terminated strings; offset 0 is ""
} LineTab;

typedef struct LineFunc {
  uint32_t lo, hi; // addresses: [lo, hi)
  uint32_t name;   // string offset: Go's full name (C functions: theirs)
  uint32_t file;   // of the declaration
  uint32_t line;   // of the declaration
  uint32_t row;    // offset of its stream in the row section
  uint32_t nrows;
  uint32_t inl; // index of its first node
  uint32_t ninl;
} LineFunc;

// In a declaration's line: goc made the function (a method wrapper, the closure of a defer or go
// statement); tracebacks leave it out.
#define LINETAB_WRAPPER 0x80000000u

typedef struct LineNode {      // a function body inlined into another
  uint32_t parent;             // node within the same function, 0: the function itself
  uint32_t name;               // of the inlined function
  uint32_t line;               // of its declaration
  uint32_t callfile, callline; // where the parent calls it
} LineNode;

#endif
