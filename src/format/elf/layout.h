// The structures of ELF as they lie in a file, for both classes and both byte orders. Field names
// and values are those of the System V gABI (chapters "Object Files", "Program Loading and Dynamic
// Linking") and, for symbol versions and GNU types, of glibc's <elf.h>. Knows no meaning beyond
// layout.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace tenon::elf {

template <std::endian Order>
struct Phdr32 {
  using Word = Stored<std::uint32_t, Order>;
  Word p_type, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_flags, p_align;
};

template <std::endian Order>
struct Phdr64 {
  using Word = Stored<std::uint32_t, Order>;
  using Xword = Stored<std::uint64_t, Order>;
  Word p_type, p_flags;
  Xword p_offset, p_vaddr, p_paddr, p_filesz, p_memsz, p_align;
};

template <std::endian Order>
struct Sym32 {
  using Word = Stored<std::uint32_t, Order>;
  Word st_name, st_value, st_size;
  std::uint8_t st_info, st_other;
  Stored<std::uint16_t, Order> st_shndx;
};

template <std::endian Order>
struct Sym64 {
  Stored<std::uint32_t, Order> st_name;
  std::uint8_t st_info, st_other;
  Stored<std::uint16_t, Order> st_shndx;
  Stored<std::uint64_t, Order> st_value, st_size;
};

// What a reader needs to be written once for all four kinds of file. Native is an address, an
// offset or a size: 4 bytes in ELFCLASS32, 8 in ELFCLASS64.
template <std::endian Order>
struct Elf32 {
  using Half = Stored<std::uint16_t, Order>;
  using Word = Stored<std::uint32_t, Order>;
  using Native = Stored<std::uint32_t, Order>;
  using Wide = Stored<std::uint64_t, Order>;
  using Phdr = Phdr32<Order>;
  using Sym = Sym32<Order>;
};

template <std::endian Order>
struct Elf64 {
  using Half = Stored<std::uint16_t, Order>;
  using Word = Stored<std::uint32_t, Order>;
  using Native = Stored<std::uint64_t, Order>;
  using Wide = Stored<std::uint64_t, Order>;
  using Phdr = Phdr64<Order>;
  using Sym = Sym64<Order>;
};

using Le32 = Elf32<std::endian::little>;
using Be32 = Elf32<std::endian::big>;
using Le64 = Elf64<std::endian::little>;
using Be64 = Elf64<std::endian::big>;

// The first 16 bytes, the same in all files.
struct Ident {
  std::array<std::uint8_t, 4> magic;
  std::uint8_t ei_class, ei_data, ei_version, ei_osabi, ei_abiversion;
  std::array<std::uint8_t, 7> pad;
};

template <class E>
struct Ehdr {
  Ident e_ident;
  typename E::Half e_type, e_machine;
  typename E::Word e_version;
  typename E::Native e_entry, e_phoff, e_shoff;
  typename E::Word e_flags;
  typename E::Half e_ehsize, e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx;
};

template <class E>
struct Shdr {
  typename E::Word sh_name, sh_type;
  typename E::Native sh_flags, sh_addr, sh_offset, sh_size;
  typename E::Word sh_link, sh_info;
  typename E::Native sh_addralign, sh_entsize;
};

template <class E>
struct Dyn {
  typename E::Native d_tag, d_val;
};

template <class E>
struct Nhdr {
  typename E::Word n_namesz, n_descsz, n_type;
};

template <class E>
struct Verneed {
  typename E::Half vn_version, vn_cnt;
  typename E::Word vn_file, vn_aux, vn_next;
};

template <class E>
struct Vernaux {
  typename E::Word vna_hash;
  typename E::Half vna_flags, vna_other;
  typename E::Word vna_name, vna_next;
};

template <class E>
struct Verdef {
  typename E::Half vd_version, vd_flags, vd_ndx, vd_cnt;
  typename E::Word vd_hash, vd_aux, vd_next;
};

template <class E>
struct Verdaux {
  typename E::Word vda_name, vda_next;
};

template <class E>
struct Rel {
  typename E::Native r_offset, r_info;
};

template <class E>
struct Rela {
  typename E::Native r_offset, r_info, r_addend;
};

static_assert(sizeof(Ident) == 16);
static_assert(sizeof(Rel<Le32>) == 8 && sizeof(Rela<Le64>) == 24);
static_assert(sizeof(Ehdr<Le32>) == 52 && sizeof(Ehdr<Be64>) == 64);
static_assert(sizeof(Phdr32<std::endian::big>) == 32 && sizeof(Le64::Phdr) == 56);
static_assert(sizeof(Shdr<Le32>) == 40 && sizeof(Shdr<Le64>) == 64);
static_assert(sizeof(Le32::Sym) == 16 && sizeof(Le64::Sym) == 24);
static_assert(sizeof(Dyn<Le32>) == 8 && sizeof(Dyn<Le64>) == 16);
static_assert(sizeof(Nhdr<Le32>) == 12 && sizeof(Verneed<Le64>) == 16);
static_assert(sizeof(Vernaux<Le64>) == 16 && sizeof(Verdef<Le64>) == 20);
static_assert(sizeof(Verdaux<Le64>) == 8);

inline constexpr std::uint8_t ELFCLASS32 = 1, ELFCLASS64 = 2;
inline constexpr std::uint8_t ELFDATA2LSB = 1, ELFDATA2MSB = 2;

inline constexpr std::uint16_t ET_REL = 1, ET_EXEC = 2, ET_DYN = 3, ET_CORE = 4;
inline constexpr std::uint16_t EM_386 = 3, EM_MIPS = 8, EM_PPC64 = 21, EM_S390 = 22, EM_ARM = 40,
                               EM_X86_64 = 62, EM_AARCH64 = 183, EM_RISCV = 243, EM_LOONGARCH = 258,
                               EM_ALPHA = 0x9026;

inline constexpr std::uint32_t PT_LOAD = 1, PT_DYNAMIC = 2, PT_INTERP = 3, PT_NOTE = 4, PT_TLS = 7,
                               PT_GNU_STACK = 0x6474e551, PT_GNU_RELRO = 0x6474e552;
inline constexpr std::uint32_t PF_X = 1, PF_W = 2, PF_R = 4;
inline constexpr std::uint16_t PN_XNUM = 0xffff;

inline constexpr std::uint32_t SHT_SYMTAB = 2, SHT_STRTAB = 3, SHT_DYNAMIC = 6, SHT_NOTE = 7,
                               SHT_NOBITS = 8, SHT_DYNSYM = 11;
inline constexpr std::uint64_t SHF_WRITE = 1, SHF_ALLOC = 2, SHF_EXECINSTR = 4;
inline constexpr std::uint16_t SHN_UNDEF = 0, SHN_ABS = 0xfff1, SHN_XINDEX = 0xffff;

inline constexpr std::uint64_t DT_NULL = 0, DT_NEEDED = 1, DT_HASH = 4, DT_STRTAB = 5,
                               DT_SYMTAB = 6, DT_RELA = 7, DT_RELASZ = 8, DT_STRSZ = 10,
                               DT_SONAME = 14, DT_RPATH = 15, DT_SYMBOLIC = 16, DT_REL = 17,
                               DT_RELSZ = 18, DT_PLTRELSZ = 2, DT_PLTREL = 20, DT_JMPREL = 23,
                               DT_RELRSZ = 35, DT_RELR = 36, DT_AUXILIARY = 0x7ffffffd,
                               DT_FILTER = 0x7fffffff, DT_DEBUG = 21, DT_TEXTREL = 22,
                               DT_BIND_NOW = 24, DT_RUNPATH = 29, DT_FLAGS = 30,
                               DT_GNU_HASH = 0x6ffffef5, DT_VERSYM = 0x6ffffff0,
                               DT_FLAGS_1 = 0x6ffffffb, DT_VERDEF = 0x6ffffffc,
                               DT_VERDEFNUM = 0x6ffffffd, DT_VERNEED = 0x6ffffffe,
                               DT_VERNEEDNUM = 0x6fffffff, DT_MIPS_SYMTABNO = 0x70000011;
inline constexpr std::uint64_t DF_SYMBOLIC = 2, DF_TEXTREL = 4, DF_BIND_NOW = 8;
inline constexpr std::uint64_t DF_1_NOW = 1, DF_1_NODEFLIB = 0x800, DF_1_PIE = 0x08000000;

inline constexpr std::uint8_t STB_LOCAL = 0, STB_GLOBAL = 1, STB_WEAK = 2, STB_GNU_UNIQUE = 10;
inline constexpr std::uint8_t STT_NOTYPE = 0, STT_OBJECT = 1, STT_FUNC = 2, STT_SECTION = 3,
                              STT_FILE = 4, STT_COMMON = 5, STT_TLS = 6, STT_GNU_IFUNC = 10;
inline constexpr std::uint16_t VER_FLG_BASE = 1, VER_FLG_WEAK = 2;
inline constexpr std::uint32_t NT_GNU_BUILD_ID = 3;
// Type of the note that cmd/link writes with the name "Go" (cmd/link/internal/ld/elf.go).
inline constexpr std::uint32_t NT_GO_BUILD_ID = 4;

}  // namespace tenon::elf
