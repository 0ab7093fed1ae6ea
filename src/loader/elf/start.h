// From execve to the end of the loader: the one entry of the half for ELF.
// Rules: Linux fs/exec.c and fs/binfmt_elf.c; the loaders' own are in glibc.h, bind.h and musl.h.
#pragma once

#include <optional>

#include "loader/elf/machine.h"
#include "loader/files.h"
#include "loader/verdict.h"

namespace tenon::loader {

// Predicts what happens when the program is started in the root. `machine` is the processor of the
// target.
[[nodiscard]] Verdict predict_elf(const Request& request, Files& files, const ElfKind& machine);

// What an ELF file is for; nothing when it is not an ELF file.
[[nodiscard]] std::optional<ElfKind> kind_of_file(ByteView bytes);

}  // namespace tenon::loader
