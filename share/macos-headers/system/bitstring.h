/* bitstring.h: arrays of bits.
   Part of tenon's own headers for macOS; docs/macos-headers.md says where the facts are from. */
#ifndef TENON_BITSTRING_H
#define TENON_BITSTRING_H

#include <stdlib.h>
#include <string.h>

typedef unsigned char bitstr_t;

#define _bit_byte(bit)      ((bit) >> 3)
#define _bit_mask(bit)      (1 << ((bit) & 0x7))
#define bitstr_size(nbits)  (((nbits) + 7) >> 3)
#define bit_alloc(nbits)    ((bitstr_t *)calloc((size_t)bitstr_size(nbits), sizeof(bitstr_t)))
#define bit_decl(name, nbits) ((name)[bitstr_size(nbits)])
#define bit_test(name, bit)  ((name)[_bit_byte(bit)] & _bit_mask(bit))
#define bit_set(name, bit)   ((name)[_bit_byte(bit)] |= (bitstr_t)_bit_mask(bit))
#define bit_clear(name, bit) ((name)[_bit_byte(bit)] &= (bitstr_t)~_bit_mask(bit))
#endif
