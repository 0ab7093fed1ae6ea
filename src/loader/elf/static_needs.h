// What a program that is linked statically against glibc still loads while it runs: the services of
// /etc/nsswitch.conf (getaddrinfo, getpwnam), gconv modules (iconv), and what it opens itself.
//
// Evidence is of two kinds. Text that only nss/nss_module.c and nss_database.c of glibc have is in
// a stripped program too. Which functions the program calls is known with a symbol table only:
// dlopen is in every static program, because glibc uses it itself, so a call to it is looked for.
#pragma once

#include <vector>

#include "format/elf/elf.h"
#include "loader/elf/machine.h"
#include "loader/files.h"
#include "loader/verdict.h"

namespace tenon::loader {

// Nothing for a program that is not of glibc. `files`: the root, whose /etc/nsswitch.conf and
// libraries are asked.
[[nodiscard]] std::vector<StaticNeed> find_static_needs(const elf::File& program,
                                                        const ElfKind& kind, Files& files);

}  // namespace tenon::loader
