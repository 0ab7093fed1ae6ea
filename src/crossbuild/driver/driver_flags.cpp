#include "crossbuild/driver/driver_flags.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "crossbuild/driver/linker_args.h"
#include "platform/version_number.h"

namespace tenon {
namespace {

using Kind = DriverArg::Kind;
using enum FlagAction;

constexpr unsigned zig = bit(FlagTool::zig_cc_macho) | bit(FlagTool::zig_cc_elf) |
                         bit(FlagTool::zig_cc_coff) | bit(FlagTool::zig_ld_macho) |
                         bit(FlagTool::zig_ld_elf) | bit(FlagTool::zig_ld_coff);

bool matches(const FlagRow& row, const DriverArg& arg) {
  if (row.kind != arg.kind) return false;
  const std::string_view name =
      arg.kind == Kind::library ? std::string_view(arg.values.front()) : std::string_view(arg.name);
  if (row.pattern.ends_with('*')) {
    return name.starts_with(row.pattern.substr(0, row.pattern.size() - 1));
  }
  return name == row.pattern;
}

std::string rewritten(const FlagRow& row, std::string_view name) {
  const std::size_t star = row.text.find('*');
  if (star == std::string_view::npos) return std::string(row.text);
  std::string out(row.text.substr(0, star));
  out += name.substr(row.pattern.size() - 1);
  return out;
}

// The version a flag names: behind its '=', or its value ("macos" 11.0 12.0 for -platform_version).
Version named_version(const FlagRow& row, const DriverArg& arg) {
  std::string_view text;
  if (row.pattern.ends_with('*')) {
    text = std::string_view(arg.name).substr(row.pattern.size() - 1);
  } else if (!arg.values.empty()) {
    text = arg.name == "-platform_version" && arg.values.size() > 1 ? arg.values[1] : arg.values[0];
  }
  return parse_version(text).value_or(Version{});
}

DriverArg rewrite_arg(const FlagRow& row, const DriverArg& arg) {
  if (arg.kind == Kind::library) return {Kind::library, "-l", {rewritten(row, arg.values[0])}};
  const bool to_driver = row.text == "-dynamiclib";
  return {to_driver ? Kind::flag : arg.kind, rewritten(row, arg.name), {}};
}

// zig names processors with underscores: apple_m1, cortex_a72.
void spell_for_zig(DriverArg& arg, FlagTool tool) {
  if ((bit(tool) & zig) == 0 || arg.kind != Kind::flag) return;
  if (!arg.name.starts_with("-mcpu=")) return;
  const std::size_t end = arg.name.find('+');
  std::replace(arg.name.begin() + 6,
               end == std::string::npos ? arg.name.end()
                                        : arg.name.begin() + static_cast<std::ptrdiff_t>(end),
               '-', '_');
}

// -march=armv8.2-a+crc+crypto: zig has no architectures; the features go to its clang directly.
bool expand_arm_march(const DriverArg& arg, FlagTool tool, std::vector<DriverArg>& out) {
  if (tool != FlagTool::zig_cc_elf || arg.kind != Kind::flag) return false;
  if (!arg.name.starts_with("-march=armv")) return false;
  const auto parts = split(std::string_view(arg.name).substr(7), '+');
  const auto feature = [&](std::string_view name) {
    out.push_back({Kind::flag, "-Xclang", {"-target-feature"}});
    out.push_back({Kind::flag, "-Xclang", {"+" + std::string(name)}});
  };
  std::string architecture(parts[0].substr(4));  // "8.2-a"
  architecture = architecture.substr(0, architecture.find('-'));
  if (architecture != "8") feature("v" + architecture + "a");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    if (parts[i] == "crypto") {
      feature("aes");
      feature("sha2");
    } else if (parts[i] == "simd") {
      feature("neon");
    } else if (parts[i] == "fp16") {
      feature("fullfp16");
    } else {
      feature(parts[i]);
    }
  }
  return true;
}

}  // namespace

const FlagRow* find_flag(const DriverArg& arg, FlagTool tool, Version version) {
  for (const FlagRow& row : flag_table()) {
    if ((row.tools & bit(tool)) == 0 || !matches(row, arg)) continue;
    if (!row.before.empty() && version >= row.before) continue;
    return &row;
  }
  return nullptr;
}

FilteredFlags filter_flags(std::vector<DriverArg> args, FlagTool tool, Version version) {
  FilteredFlags out;
  for (DriverArg& arg : args) {
    const FlagRow* row = find_flag(arg, tool, version);
    if (row == nullptr) {
      if (expand_arm_march(arg, tool, out.args)) continue;
      spell_for_zig(arg, tool);
      out.args.push_back(std::move(arg));
      continue;
    }
    switch (row->action) {
      case drop: break;
      case rewrite: out.args.push_back(rewrite_arg(*row, arg)); break;
      case refuse: out.refused.push_back({spelled(arg), row}); continue;
      case flat:
        out.flat_symbols.insert(out.flat_symbols.end(), arg.values.begin(), arg.values.end());
        continue;
      case minimum: out.minimum = std::max(out.minimum, named_version(*row, arg)); break;
    }
    out.dropped.push_back({spelled(arg), row});
  }
  return out;
}

}  // namespace tenon
