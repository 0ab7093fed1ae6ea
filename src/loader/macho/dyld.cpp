#include "loader/macho/dyld.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "codesign/verdict.h"
#include "format/macho/load_commands.h"
#include "format/macho/macho.h"
#include "loader/macho/graph.h"
#include "loader/macho/image.h"
#include "loader/macho/mac.h"
#include "loader/macho/search.h"
#include "loader/macho/settings.h"
#include "loader/macho/wording.h"

namespace tenon::dyld {
namespace {

// A process that has more would be the work of somebody who wants it.
constexpr std::size_t most_images = 4096;
constexpr std::string_view system_library = "/usr/lib/libSystem.B.dylib";

std::string unreadable_text(const Found& found) {
  if (found.kind == Found::Kind::other) return "not a file";
  return fmt::format("errno={}", found.error);
}

std::uint32_t processor_of(ByteView file) {
  if (!macho::is_universal(file)) {
    const auto header = macho::read_header(file);
    return header ? header->cputype : std::uint32_t{macho::CPU_TYPE_ARM64};
  }
  const auto table = macho::slice_table(file);
  if (table) {
    const bool arm = std::ranges::any_of(
        table->rows, [](const auto& row) { return row.cputype == macho::CPU_TYPE_ARM64; });
    if (!arm && !table->rows.empty()) return table->rows.front().cputype;
  }
  return macho::CPU_TYPE_ARM64;
}

// Of a thin program for arm64e; else 0: the slice is not chosen yet.
std::uint32_t subtype_of(ByteView file) {
  const auto header = macho::read_header(file);
  return header && header->filetype == macho::MH_EXECUTE ? header->cpusubtype : 0;
}

class Loader {
 public:
  Loader(const Request& request, Mac& mac, const SharedCache& cache)
      : request_(request), mac_(mac), cache_(cache) {}

  Prediction run() && {
    if (start_program()) {
      insert_libraries();
      load_dependencies(*graph_.program, {&graph_.program->link});
      bind_all(graph_, out_);
      ask_system_library();
    }
    finish();
    return std::move(out_);
  }

 private:
  using Chain = std::vector<const ChainLink*>;

  bool start_program() {
    const Found found = mac_.look(request_.program);
    Process& process = out_.process;
    process.macos = request_.macos;
    if (found.kind != Found::Kind::file) {
      const std::string why =
          found.kind == Found::Kind::nothing ? "no such file" : unreadable_text(found);
      fail_program(Kind::program_refused, fmt::format("{}: {}", request_.program, why), false);
      return false;
    }
    process.cputype = request_.cputype != 0 ? request_.cputype : processor_of(found.bytes);
    process.cpusubtype = subtype_of(found.bytes);
    auto file = open_image(found, request_.program, Role::program, process);
    if (!file) {
      const Refusal& why = file.error();
      const bool header = why.fault == Fault::no_uuid || why.fault == Fault::data_const ||
                          why.fault == Fault::structure;
      fail_program(Kind::program_refused,
                   header ? fmt::format("{} in {}", why.text, request_.program) : why.text,
                   why.exact && header);
      return false;
    }
    is_program_ = file->file.header().filetype == macho::MH_EXECUTE;
    if (is_program_) process.cpusubtype = file->file.header().cpusubtype;
    process.policy = policy_of(file->file, file->signature, request_.set_user_id);
    process.program_signed = file->signature && file->signature->is_signed();
    if (process.program_signed) process.team = file->signature->team;
    if (!program_may_run(*file)) return false;
    out_.settings = read_settings(request_.environment, file->file, request_.program,
                                  request_.macos, process.policy);
    graph_.program = &add(std::move(*file), request_.program);
    return true;
  }

  // What the kernel says of an arm64 program that is not signed, or whose first pages are not those
  // that were signed: nothing. It kills the process.
  bool program_may_run(const ImageFile& file) {
    if (!is_program_) return library_may_load(file);
    const bool arm = out_.process.cputype == macho::CPU_TYPE_ARM64;
    const bool broken =
        file.signature && file.signature->integrity.state == codesign::State::invalid;
    if ((out_.process.program_signed || !arm) && !broken) return true;
    fail_program(Kind::program_killed, "Killed: 9", false);
    return false;
  }

  // A library or bundle by itself: who loads it is not known, nor what its policy is.
  bool library_may_load(const ImageFile& file) {
    out_.process.policy = {};
    out_.assumptions.emplace_back(
        "it is not a program: what loads it, and whether that takes libraries of others, is not "
        "known");
    const auto why = refuse_signature(file, request_.program, out_.process);
    if (why) fail_program(Kind::library_refused, why->text, why->exact);
    return !why;
  }

  void fail_program(Kind kind, std::string text, bool exact) {
    Failure failure;
    failure.kind = kind;
    failure.text = std::move(text);
    failure.exact = exact;
    failure.file = request_.program;
    failures_.push_back(std::move(failure));
  }

  Image& add(ImageFile file, std::string path) {
    auto image = std::make_unique<Image>();
    image->path = std::move(path);
    const macho::File& macho = file.file;
    if (macho.id()) image->install_name = macho.id()->name;
    image->link.path = image->path;
    for (const std::string_view rpath : macho.rpaths()) image->link.rpaths.emplace_back(rpath);
    const macho::BuildVersion* build = macho.build();
    image->fallback = build == nullptr || build->sdk.major < 14 || request_.macos.major < 13;
    image->file = std::move(file);
    return *graph_.images.emplace_back(std::move(image));
  }

  Image& add_cached(const std::string& path, bool assumed) {
    auto image = std::make_unique<Image>();
    image->path = path;
    image->link.path = path;
    image->in_cache = true;
    image->assumed = assumed;
    image->loaded_dependencies = true;
    const auto known = cache_.libraries.find(path);
    if (known != cache_.libraries.end()) image->cached = &known->second;
    return *graph_.images.emplace_back(std::move(image));
  }

  void insert_libraries() {
    for (const std::string& name : out_.settings.inserted) {
      std::vector<Tried> tried;
      // Before macOS 13 every image has the fallback directories.
      const bool fallback = request_.macos.major < 13;
      Question question{name, {&graph_.program->link}, true, fallback, request_.program};
      if (get(question, tried) != nullptr) continue;
      Failure failure;
      failure.kind = Kind::inserted_missing;
      failure.name = name;
      failure.file = name;
      failure.wanted_by = "DYLD_INSERT_LIBRARIES";
      failure.text = fmt::format("terminating because inserted dylib '{}' could not be loaded: {}",
                                 name, reason(question, tried));
      failure.tried = std::move(tried);
      failures_.push_back(std::move(failure));
    }
  }

  // `chain`: from the image itself up to the program.
  void load_dependencies(Image& image, const Chain& chain) {
    if (image.loaded_dependencies) return;
    image.loaded_dependencies = true;
    for (const macho::Dylib& dylib : image.file->file.dylibs()) {
      Dependency& one = image.dependencies.emplace_back();
      one.name = dylib.name;
      one.kind = dylib.kind;
      if (dylib.kind == macho::DylibKind::lazy) continue;  // dyld waits for the first call
      one.image = dependency(image, one, chain);
    }
    if (image.dependencies.empty() && !image.path.starts_with("/usr/lib/system/")) {
      Dependency implied{std::string(system_library), macho::DylibKind::load, nullptr};
      implied.image = dependency(image, implied, chain);
    }
    for (std::size_t i = 0; i < image.dependencies.size(); ++i) {
      Image* next = image.dependencies[i].image;
      if (next == nullptr || next->loaded_dependencies) continue;
      Chain longer{&next->link};
      longer.insert(longer.end(), chain.begin(), chain.end());
      load_dependencies(*next, longer);
    }
  }

  Image* dependency(const Image& image, const Dependency& one, const Chain& chain) {
    if (one.name.starts_with('/')) {
      if (Image* loaded = find(one.name)) return loaded;
    }
    std::vector<Tried> tried;
    const Question question{one.name, chain, false, image.fallback, request_.program};
    const std::size_t before = graph_.images.size();
    Image* found = get(question, tried);
    if (found != nullptr) {
      if (graph_.images.size() != before) {
        found->name = one.name;
        found->by = image.path;
      }
      return found;
    }
    if (one.kind != macho::DylibKind::weak) report(image, question, std::move(tried));
    return nullptr;
  }

  void report(const Image& image, const Question& question, std::vector<Tried> tried) {
    Failure failure;
    const auto refused =
        std::ranges::find_if(tried, [](const Tried& one) { return one.fault.has_value(); });
    failure.kind = refused == tried.end() ? Kind::library_missing : Kind::library_refused;
    failure.name = question.name;
    failure.wanted_by = image.path;
    failure.file = refused == tried.end() ? question.name : refused->path;
    failure.exact = all_exact_;
    const std::string uuid = uuid_of(image.file->file), note = too_new(image, request_.macos);
    failure.text = library_text(request_.macos, question.name, {image.path, uuid, note},
                                reason(question, tried));
    failure.tried = std::move(tried);
    failures_.push_back(std::move(failure));
  }

  std::string reason(const Question& question, const std::vector<Tried>& tried) const {
    std::string out;
    for (const Tried& one : tried)
      out += fmt::format("{}'{}' ({})", out.empty() ? "tried: " : ", ", one.path, one.why);
    if (question.name.starts_with('@') && out_.settings.policy.restricted)
      out += ", (security policy does not allow @ path expansion)";
    if (!out.empty()) return out;
    const bool any = std::ranges::any_of(
        question.chain, [](const ChainLink* link) { return !link->rpaths.empty(); });
    if (!any) return "no LC_RPATH's found";
    return "no LC_RPATH's used.  They may be invalid, eg, not start with '@loader_path' or "
           "'@executable_path'";
  }

  Image* find(std::string_view name) {
    for (const auto& image : graph_.images) {
      if (image->matches(name)) return image.get();
    }
    return nullptr;
  }

  Image* get(const Question& question, std::vector<Tried>& tried, bool again = false) {
    if (question.name.starts_with("@rpath/")) {
      if (Image* loaded = find(question.name)) return loaded;
    }
    all_exact_ = again ? all_exact_ : true;
    for (const Candidate& candidate : candidates(question, out_.settings)) {
      if (Image* image = try_one(candidate, tried)) return image;
    }
    // "..", "//", a link, or a directory that is one: the file itself need not be there.
    if (question.name.starts_with('@') || again) return nullptr;
    const std::string name = real_name(question.name);
    if (name.empty() || question.name.starts_with(name)) return nullptr;
    Question real = question;
    real.name = name;
    return get(real, tried, true);
  }

  // Without links; empty where not even the directory is there (SyscallDelegate::realpath).
  std::string real_name(const std::string& name) {
    const Found found = mac_.look(name);
    if (found.kind == Found::Kind::file || found.kind == Found::Kind::other) return found.real_path;
    const std::size_t slash = name.rfind('/');
    const std::string leaf = slash == std::string::npos ? name : name.substr(slash + 1);
    const Found folder = mac_.look(slash == std::string::npos ? "." : name.substr(0, slash));
    if (folder.kind != Found::Kind::other || folder.real_path.empty()) return {};
    return (folder.real_path == "/" ? std::string() : folder.real_path) + "/" + leaf;
  }

  Image* try_one(const Candidate& candidate, std::vector<Tried>& tried) {
    if (Image* loaded = find(candidate.path)) return loaded;
    const auto refuse = [&](std::string why, std::optional<Fault> fault) -> Image* {
      tried.push_back({candidate.path, std::move(why), candidate.way, candidate.origin, fault});
      return nullptr;
    };
    if (!out_.settings.policy.takes_paths() && !candidate.path.starts_with('/') &&
        !candidate.path.starts_with('@')) {
      return refuse("relative path not allowed in hardened program", std::nullopt);
    }
    const Found found = mac_.look(candidate.path);
    if (found.kind == Found::Kind::file) {
      if (Image* image = from_disk(candidate, found, refuse)) return image;
      return nullptr;
    }
    const bool disk_only = candidate.way == Way::disk;
    const InCache member = disk_only ? InCache::no : cache_.has(candidate.path);
    if (member != InCache::no) {
      Image& image = add_cached(candidate.path, member == InCache::unknown);
      image.way = candidate.way;
      image.origin = candidate.origin;
      return &image;
    }
    const bool cache_note =
        !disk_only && may_be_in_cache(candidate.path) && request_.macos.major >= 13;
    const std::string_view note = cache_note ? ", not in dyld cache" : "";
    if (found.kind == Found::Kind::nothing)
      return refuse(fmt::format("no such file{}", note), std::nullopt);
    return refuse(unreadable_text(found) + std::string(note), std::nullopt);
  }

  template <class Refuse>
  Image* from_disk(const Candidate& candidate, const Found& found, const Refuse& refuse) {
    const std::string path = found.real_path.empty() ? candidate.path : found.real_path;
    if (Image* loaded = find(path)) return loaded;
    if (graph_.images.size() >= most_images) return refuse("too many images", std::nullopt);
    auto file = open_image(found, candidate.path, Role::library, out_.process);
    if (!file) {
      all_exact_ = all_exact_ && file.error().exact;
      return refuse(file.error().text, file.error().fault);
    }
    if (auto why = refuse_signature(*file, path, out_.process)) {
      all_exact_ = false;
      return refuse(why->text, why->fault);
    }
    Image& image = add(std::move(*file), path);
    image.way = candidate.way;
    image.origin = candidate.origin;
    return &image;
  }

  void ask_system_library() {
    const bool any = std::ranges::any_of(graph_.images, [](const auto& image) {
      return image->path == system_library || image->install_name == system_library;
    });
    if (any || !is_program_ || !failures_.empty() || !out_.next.empty()) return;
    Failure failure;
    failure.kind = Kind::program_refused;
    failure.text = "program does not link with libSystem.B.dylib";
    failure.file = request_.program;
    failures_.push_back(std::move(failure));
  }

  void list_images() {
    std::size_t assumed = 0;
    for (const auto& image : graph_.images) {
      LoadedImage& one = out_.images.emplace_back();
      one.path = image->path;
      one.name = image->name;
      one.by = image->by;
      one.way = image->way;
      one.origin = image->origin;
      one.in_cache = image->in_cache;
      one.assumed = image->assumed;
      assumed += image->assumed ? 1U : 0U;
      for (const Dependency& dependency : image->dependencies) {
        if (dependency.image != nullptr) one.needs.push_back(dependency.image->path);
      }
    }
    if (assumed != 0) {
      out_.assumptions.push_back(fmt::format(
          "{} libraries are taken to be in the shared cache of macOS {}, by their paths", assumed,
          request_.macos.major));
    }
  }

  void finish() {
    list_images();
    for (const auto& [name, why] : out_.settings.not_simulated)
      out_.assumptions.push_back(fmt::format("{} is not simulated", name));
    // bind_all() left those of symbols in `next`.
    failures_.insert(failures_.end(), std::make_move_iterator(out_.next.begin()),
                     std::make_move_iterator(out_.next.end()));
    out_.next.clear();
    if (failures_.empty()) {
      out_.starts =
          out_.assumptions.empty() ? Prediction::Starts::yes : Prediction::Starts::unknown;
      return;
    }
    out_.starts = Prediction::Starts::no;
    out_.failure = std::move(failures_.front());
    out_.next.assign(std::make_move_iterator(failures_.begin() + 1),
                     std::make_move_iterator(failures_.end()));
  }

  const Request& request_;
  Mac& mac_;
  const SharedCache& cache_;
  Graph graph_;
  Prediction out_;
  std::vector<Failure> failures_;
  bool all_exact_ = true;
  bool is_program_ = true;
};

}  // namespace

Prediction predict(const Request& request, Mac& mac, const SharedCache& cache) {
  return Loader(request, mac, cache).run();
}

}  // namespace tenon::dyld
