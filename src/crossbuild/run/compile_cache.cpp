#include "crossbuild/run/compile_cache.h"

#include <fmt/format.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/path.h"
#include "base/result.h"
#include "base/shown.h"
#include "cache/remote.h"
#include "cache/run/folder_store.h"
#include "cache/run/remote_store.h"
#include "cache/run/usage_log.h"
#include "cache/store.h"
#include "cache/usage.h"
#include "crossbuild/cache/compile_call.h"
#include "crossbuild/cache/depfile.h"
#include "crossbuild/cache/includes.h"
#include "crossbuild/cache/key_parts.h"
#include "crossbuild/cache/manifest.h"
#include "crossbuild/cache/probes.h"
#include "crossbuild/run/compiler_identity.h"
#include "crossbuild/run/file_problem.h"
#include "crossbuild/run/source_digest.h"
#include "diag/codes.h"
#include "diag/finding.h"
#include "host/files.h"
#include "host/process.h"
#include "host/relay.h"
#include "host/staged_file.h"

namespace tenon {
namespace {

using How = CompileResult::How;

constexpr std::chrono::hours longest_compile{24};
constexpr std::size_t most_said = std::size_t{1} << 20U;
// A file system may write times that lie this much behind the clock.
constexpr std::int64_t clock_step_ns = 10'000'000;

std::string digest_of(std::string_view text) { return hex(sha256(view_of(text).bytes())); }

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Finding not_started(const Error& error, std::string program) {
  Finding finding;
  finding.code = Code::usage_unreadable_input;
  finding.message = shown_format("{}: {} ({})", program, error.what, errc_name(error.code));
  finding.subject = std::move(program);
  return finding;
}

Place look(const std::string& path) {
  const auto info = look_up(path);
  if (!info) return Place::unknown;
  if (!*info) return Place::nothing;
  if ((*info)->kind == FileInfo::Kind::file) return Place::file;
  return (*info)->kind == FileInfo::Kind::folder ? Place::folder : Place::nothing;
}

// The texts of a call's files and their digests. What cgo wrote counts without the path of the
// checkout in its line directives.
class Texts {
 public:
  // `store`: where digests are remembered, or null.
  Texts(const CompileCall& call, Store* store) : call_(call), store_(store) {}

  Result<std::string> read(const std::string& path) const {
    std::string text = TENON_TRY(read_text(path, largest));
    if (!generated(path)) return text;
    return with_line_paths(text,
                           [&](std::string_view name) { return portable_path(call_.maps, name); });
  }

  Result<std::string> digest(const std::string& path) {
    const auto known = digests_.find(path);
    if (known != digests_.end()) return known->second;
    std::string out =
        generated(path) ? digest_of(TENON_TRY(read(path))) : TENON_TRY(source_digest(path, store_));
    return digests_.emplace(path, std::move(out)).first->second;
  }

  [[nodiscard]] bool generated(const std::string& path) const {
    return is_generated(call_.maps, path);
  }

 private:
  static constexpr std::size_t largest = std::size_t{1} << 30U;

  const CompileCall& call_;
  Store* store_;
  std::map<std::string, std::string> digests_;
};

// One call that has a key.
class Compile {
 public:
  Compile(const CompileJob& job, CompileCall call)
      : job_(job),
        call_(std::move(call)),
        store_(compile_cache_folder(job.cache)),
        texts_(call_, job.keep && !job.cache.empty() ? &store_ : nullptr) {
    if (!job.keep) return;
    if (auto setting = remote_setting(job.cache)) remote_.emplace(*std::move(setting));
  }

  Outcome<CompileResult> run() {
    auto source = texts_.digest(call_.source);
    // The compiler says what is wrong with a source that cannot be read.
    if (!source) return uncached({Uncached::unreadable, call_.source});
    parts_.words = call_.words;
    parts_.source = *std::move(source);
    argv_ = with_seed(job_.argv, parts_.seed());
    if (!job_.keep || job_.cache.empty()) return plainly();
    auto compiler = compiler_identity(job_.argv.front(), store_.folder());
    if (!compiler) return uncached({Uncached::compiler, job_.argv.front()});
    compiler_ = *std::move(compiler);
    parts_.compiler = compiler_.digest;
    for (const std::string_view name : deciding_variables()) {
      if (const auto value = environment_variable(std::string(name).c_str())) {
        if (value->contains('\n')) return uncached({Uncached::environment, std::string(name)});
        parts_.environment.push_back(fmt::format("{}={}", name, *value));
      }
    }
    key_ = parts_.key();
    if (auto found = TENON_TRY(find())) return *std::move(found);
    return compile();
  }

 private:
  CompileResult done(How how, int code, NotCached why = {}) {
    return {.how = how, .why = std::move(why), .code = code};
  }

  Outcome<CompileResult> uncached(NotCached why) {
    if (argv_.empty()) argv_ = job_.argv;
    log_uncached(why);
    const int code = TENON_TRY(start(argv_, nullptr));
    return done(How::uncached, code, std::move(why));
  }

  // zig writes another object where it is asked for the list of dependencies, so it always is.
  std::vector<std::string> listing(const std::string& list) const {
    std::vector<std::string> argv = argv_;
    if (call_.language != "assembler") argv.insert(argv.end(), {"-MD", "-MF", list, "-MT", "o"});
    return argv;
  }

  Outcome<CompileResult> plainly() {
    const auto folder = make_temporary_folder("tenon-cc");
    if (!folder) return uncached({Uncached::store, "a temporary directory"});
    const TemporaryFolder scratch(*folder);
    const int code = TENON_TRY(start(listing(*folder + "/d"), nullptr));
    return done(How::uncached, code, {Uncached::store, "--no-cache"});
  }

  // What the compiler says goes on as it comes; `said` gets a copy.
  Outcome<int> start(const std::vector<std::string>& argv, std::string* said) {
    if (said == nullptr) {
      const auto code = pass_through(argv, job_.environment);
      if (!code) return std::unexpected(not_started(code.error(), argv.front()));
      return *code;
    }
    Command command;
    command.argv = argv;
    command.environment = job_.environment;
    command.deadline = longest_compile;
    command.foreground = true;
    command.output_limit = most_said + 1;
    command.on_bytes = [&](std::string_view bytes, bool standard_error) {
      (void)write_all(standard_error ? 2 : 1, bytes);
      if (said->size() <= most_said) *said += bytes;
      other_output_ = other_output_ || (!standard_error && !bytes.empty());
    };
    const auto exit = tenon::run(command);
    if (!exit) return std::unexpected(not_started(exit.error(), argv.front()));
    if (exit->interrupted) return 130;
    return exit->signal != 0 ? 128 + exit->signal : exit->code;
  }

  Outcome<std::optional<CompileResult>> find() {
    const auto text = store_.record(key_);
    auto kept = text ? parse_manifest(*text) : fail(Errc::not_found, "nothing is kept");
    if (kept) kept_ = *std::move(kept);
    for (const KeptCompile& entry : kept_) {
      if (!holds(entry)) continue;
      if (auto found = TENON_TRY(take(entry, ""))) return found;
    }
    return remote_ ? find_elsewhere() : std::optional<CompileResult>();
  }

  // What other machines compiled. It is in the folder afterwards.
  Outcome<std::optional<CompileResult>> find_elsewhere() {
    const auto text = remote_->record(key_);
    auto theirs = text ? parse_manifest(*text) : fail(Errc::not_found, "nothing is kept");
    if (!theirs) return std::optional<CompileResult>();
    for (const KeptCompile& entry : *theirs) {
      if (!holds(entry) || !bring(entry)) continue;
      add_compile(kept_, entry);
      (void)store_.set_record(key_, manifest_text(kept_));
      if (auto found = TENON_TRY(take(entry, "remote"))) return found;
    }
    // Theirs stay in the list that goes back with our own compile.
    for (const KeptCompile& entry : *theirs) {
      if (kept_.size() < most_kept_compiles) kept_.push_back(entry);
    }
    return std::optional<CompileResult>();
  }

  bool bring(const KeptCompile& entry) {
    const auto one = [&](const KeptBlob& blob) {
      return remote_->fetch({blob.digest, blob.size}, store_.blob_path(blob.digest));
    };
    return one(entry.object) && (entry.text.digest.empty() || one(entry.text));
  }

  // The object goes to its place. Nothing where it is not there or broken.
  Outcome<std::optional<CompileResult>> take(const KeptCompile& entry, std::string_view from) {
    std::string said;
    if (!entry.text.digest.empty()) {
      auto words = store_.blob(entry.text.digest);
      if (!words) return std::optional<CompileResult>();
      said = *std::move(words);
    }
    const std::string path = absolute_path(call_.folder, call_.output);
    const auto placed = store_.copy_blob(entry.object.digest, path, mode_of_new_files());
    if (!placed) return std::unexpected(unwritable(path, placed.error()));
    if (!*placed) return std::optional<CompileResult>();
    if (!said.empty()) (void)write_all(2, local_text(said));
    log(UsageLine::How::hit, from, **placed);
    return done(How::hit, 0);
  }

  // Whether the preprocessor would read what it read then.
  bool holds(const KeptCompile& entry) {
    for (const KeptFile& file : entry.files) {
      const auto digest = texts_.digest(local_path(call_.maps, file.path));
      if (!digest || *digest != file.digest) return false;
    }
    for (const std::string& path : entry.present) {
      if (look(local_path(call_.maps, path)) != Place::file) return false;
    }
    for (const KeptFolder& folder : entry.absent) {
      const std::string place = local_path(call_.maps, folder.path);
      const Place there = look(place);
      if (there == Place::unknown) return false;
      if (there != Place::folder) continue;
      if (folder.names.empty()) return false;
      for (const std::string& name : folder.names) {
        const Place found = look(join_path(place, name));
        if (found == Place::file || found == Place::unknown) return false;
      }
    }
    return true;
  }

  // Messages name files of this checkout; kept ones those of any.
  [[nodiscard]] std::string portable_text(std::string text) const {
    for (const PrefixMap& map : call_.maps)
      replace_all(text, map.from, portable_path(call_.maps, map.from));
    return text;
  }

  [[nodiscard]] std::string local_text(std::string text) const {
    for (const PrefixMap& map : call_.maps)
      replace_all(text, portable_path(call_.maps, map.from), map.from);
    return text;
  }

  static void replace_all(std::string& text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
  }

  Outcome<CompileResult> compile() {
    if (!make_folders(store_.staging())) return uncached({Uncached::store, store_.staging()});
    const std::string list = unique_path(store_.staging());
    const TemporaryFolder scratch(list);
    started_ns_ = now_ns();
    std::string said;
    const int code = TENON_TRY(start(listing(list), &said));
    if (code != 0) {
      log(UsageLine::How::uncached, "compile failed", 0);
      return done(How::failed, code);
    }
    if (auto why = keep(list, said)) {
      log_uncached(*why);
      return done(How::uncached, 0, *std::move(why));
    }
    return done(How::miss, 0);
  }

  // Nothing when the compile is kept.
  std::optional<NotCached> keep(const std::string& list, const std::string& said) {
    if (said.size() > most_said || other_output_ || (!said.empty() && is_terminal(2))) {
      return NotCached{Uncached::diagnostics, call_.source};
    }
    KeptCompile fresh;
    if (auto why = read_files(list, fresh)) return why;
    const auto object = read_file(absolute_path(call_.folder, call_.output));
    if (!object) return NotCached{Uncached::output, call_.output};
    const auto blob = store_.add_blob(object->view().text());
    if (!blob) return NotCached{Uncached::store, blob.error().what};
    fresh.object = {*blob, object->view().size()};
    if (!said.empty()) {
      const std::string words = portable_text(said);
      const auto text = store_.add_blob(words);
      if (!text) return NotCached{Uncached::store, text.error().what};
      fresh.text = {*text, words.size()};
    }
    parts_.object = fresh.object.digest;
    parts_.argv = argv_;
    parts_.folder = call_.folder;
    // cmd/go gives it to every program that it starts.
    parts_.go = environment_variable("GOVERSION").value_or("");
    if (parts_.go.contains('\n')) parts_.go.clear();
    for (const KeptFile& file : fresh.files) parts_.files.push_back(file.digest + " " + file.path);
    std::vector<RemoteBlob> blobs{{fresh.object.digest, fresh.object.size}};
    if (!fresh.text.digest.empty()) blobs.push_back({fresh.text.digest, fresh.text.size});
    add_compile(kept_, std::move(fresh));
    if (const auto written = store_.set_record(key_, manifest_text(kept_)); !written) {
      return NotCached{Uncached::store, written.error().what};
    }
    if (remote_) remote_->offer(key_, std::move(blobs));
    remember_parts();
    // Now and then, so that a compile seldom pays for it.
    if (key_.starts_with("00")) (void)sweep(store_.folder(), cache_quota());
    log(UsageLine::How::miss, "", object->view().size());
    return std::nullopt;
  }

  // What `tenon cache why` compares: the parts of this compile, and of the one before.
  void remember_parts() {
    const std::string name = parts_key(call_);
    const auto old = store_.record(name);
    (void)store_.set_record(name, with_parts(old ? *old : std::string(), parts_));
  }

  std::optional<NotCached> read_files(const std::string& list, KeptCompile& out) {
    std::vector<std::string> paths{call_.source};
    if (call_.language != "assembler") {
      const auto text = read_text(list, std::size_t{64} << 20U);
      if (!text) return NotCached{Uncached::unreadable, "the list of dependencies"};
      for (const std::string& path : parse_depfile(*text)) {
        paths.push_back(absolute_path(call_.folder, path));
        // ".." behind a link leads elsewhere than in the text.
        const std::string spelled = join_path(call_.folder, path);
        if (path.contains("..") && real_path(spelled) != real_path(paths.back())) {
          return NotCached{Uncached::unreadable, path};
        }
      }
    }
    const std::set<std::string> read(paths.begin(), paths.end());
    auto own = own_search_folders(
        {job_.argv.begin(), job_.argv.begin() + static_cast<std::ptrdiff_t>(job_.program_words)},
        call_.search_flags, call_.language, compiler_, store_.folder());
    if (call_.language == "assembler") own = OwnFolders();
    if (!own) return NotCached{Uncached::compiler, own.error().what};
    for (auto* folders : {&own->searched, &own->missing}) {
      for (std::string& folder : *folders) folder = absolute_path(call_.folder, folder);
    }
    Probes probes(call_, *own, read, look);
    for (const std::string& path : read) {
      if (auto why = read_one(path, probes, out)) return why;
    }
    std::vector<IncludeName> forced;
    for (const std::string& name : call_.forced) forced.push_back({name, true, false});
    if (call_.language != "assembler") forced.push_back({"stdc-predef.h", false, false});
    probes.add(call_.folder + "/", forced, true);
    if (probes.unknown()) return NotCached{Uncached::unreadable, "a search directory"};
    for (const std::string& path : probes.present()) {
      if (path.ends_with(".gch") || path.ends_with(".pch"))
        return NotCached{Uncached::precompiled, path};
      if (is_new(path)) return NotCached{Uncached::changed, path};
    }
    probes.keep(out);
    return std::nullopt;
  }

  std::optional<NotCached> read_one(const std::string& path, Probes& probes, KeptCompile& out) {
    if (path.contains('\n')) return NotCached{Uncached::unreadable, path};
    if (path.ends_with(".gch") || path.ends_with(".pch")) {
      return NotCached{Uncached::precompiled, path};
    }
    const auto text = texts_.read(path);
    if (!text) return NotCached{Uncached::unreadable, path};
    if (is_new(path)) return NotCached{Uncached::changed, path};
    const IncludeScan scan = scan_includes(*text, call_.language.starts_with("assembler"));
    switch (scan.hazard) {
      case TextHazard::none: break;
      case TextHazard::date_time: return NotCached{Uncached::date_time, path};
      case TextHazard::reads_file: return NotCached{Uncached::reads_file, path};
      case TextHazard::computed_question: return NotCached{Uncached::computed_include, path};
    }
    const std::string digest = digest_of(*text);
    if (path == call_.source && digest != parts_.source) return NotCached{Uncached::changed, path};
    if (call_.language != "assembler") probes.add(path, scan.names, path == call_.source);
    if (call_.language != "assembler" && scan.computed) probes.add_computed(path);
    out.files.push_back({portable_path(call_.maps, path), digest});
    return std::nullopt;
  }

  // go alone writes into its work folder, before it starts the compiler.
  [[nodiscard]] bool is_new(const std::string& path) const {
    if (texts_.generated(path)) return false;
    const auto info = file_info(path);
    return !info || info->modified_ns + clock_step_ns >= started_ns_;
  }

  void log_uncached(const NotCached& why) {
    log(UsageLine::How::uncached, uncached_name(why.reason), 0, why.what);
  }

  void log(UsageLine::How how, std::string_view reason, std::uint64_t bytes,
           const std::string& detail = {}) {
    if (job_.cache.empty()) return;
    write_usage(store_.folder(), {.how = how,
                                  .time = now_ns() / 1'000'000'000,
                                  .bytes = bytes,
                                  .tool = compiler_.name,
                                  .reason = std::string(reason),
                                  .key = key_,
                                  .subject = std::string(base_name(call_.source)),
                                  .detail = detail});
  }

  const CompileJob& job_;
  CompileCall call_;
  FolderStore store_;
  std::optional<RemoteStore> remote_;
  Texts texts_;
  CompilerIdentity compiler_;
  KeyParts parts_;
  std::string key_;
  std::vector<std::string> argv_;
  std::vector<KeptCompile> kept_;
  std::int64_t started_ns_ = 0;
  bool other_output_ = false;
};

}  // namespace

std::string compile_cache_folder(const std::string& cache) {
  return cache.empty() ? std::string() : cache + "/compile";
}

Outcome<CompileResult> compile_once(const CompileJob& job) {
  auto call = read_compile_call(job.argv, job.program_words, current_folder());
  const auto refuse = [&](NotCached why) -> Outcome<CompileResult> {
    if (job.keep && !job.cache.empty()) {
      write_usage(compile_cache_folder(job.cache),
                  {.how = UsageLine::How::uncached,
                   .time = now_ns() / 1'000'000'000,
                   .tool = std::string(base_name(job.argv.front())),
                   .reason = std::string(uncached_name(why.reason)),
                   .subject = std::string(base_name(why.source)),
                   .detail = why.what});
    }
    const auto code = pass_through(job.argv, job.environment);
    if (!code) return std::unexpected(not_started(code.error(), job.argv.front()));
    return CompileResult{.how = How::uncached, .why = std::move(why), .code = *code};
  };
  if (!call) return refuse(std::move(call).error());
  for (const std::string_view name : output_variables()) {
    if (environment_variable(std::string(name).c_str())) {
      return refuse({Uncached::environment, std::string(name)});
    }
  }
  const auto output = look_up(absolute_path(call->folder, call->output));
  if (!output || (*output && (*output)->kind != FileInfo::Kind::file)) {
    return refuse({Uncached::output, call->output});
  }
  return Compile(job, *std::move(call)).run();
}

}  // namespace tenon
