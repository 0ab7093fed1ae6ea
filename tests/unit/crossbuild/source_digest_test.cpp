#include "crossbuild/run/source_digest.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <thread>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"
#include "cache/store.h"
#include "host/files.h"

using namespace tenon;

namespace {

struct MemoryStore final : Store {
  std::map<std::string, std::string> records;

  Result<std::string> blob(const std::string&) override { return fail(Errc::not_found, ""); }

  Result<std::string> add_blob(std::string_view) override { return fail(Errc::not_found, ""); }

  Result<std::string> record(const std::string& key) override {
    const auto found = records.find(key);
    if (found == records.end()) return fail(Errc::not_found, "");
    return found->second;
  }

  Result<void> set_record(const std::string& key, std::string_view text) override {
    records[key] = text;
    return {};
  }
};

std::string digest_of(std::string_view text) { return hex(sha256(view_of(text).bytes())); }

constexpr std::size_t two_megabytes = std::size_t{2} << 20U;

}  // namespace

TEST_CASE("source digest: remembered for a large file that is settled and that nobody writes to") {
  const TemporaryFolder folder(make_temporary_folder("tenon-test").value());
  const std::string path = folder.path + "/x.c";
  const std::string text(two_megabytes, 'x');
  REQUIRE(write_text(path, text, 0444).has_value());
  MemoryStore store;
  CHECK(source_digest(path, nullptr).value() == digest_of(text));
  // Too new: the next change may get the same times.
  CHECK(source_digest(path, &store).value() == digest_of(text));
  CHECK(store.records.empty());

  std::this_thread::sleep_for(std::chrono::milliseconds(3200));
  CHECK(source_digest(path, &store).value() == digest_of(text));
  REQUIRE(store.records.size() == 1);
  // It is what is answered then, when it is a digest.
  std::string& record = store.records.begin()->second;
  CHECK(record == "digest " + digest_of(text));
  record = "digest " + std::string(64, '0');
  CHECK(source_digest(path, &store).value() == std::string(64, '0'));
  record = "digest 00";
  CHECK(source_digest(path, &store).value() == digest_of(text));

  // A mode that lets somebody write: nothing is remembered, and the old record is of another state.
  record = "digest " + std::string(64, '0');
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  CHECK(source_digest(path, &store).value() == digest_of(text));
  CHECK(store.records.size() == 1);
}

TEST_CASE("source digest: a small file and one that is not there") {
  const TemporaryFolder folder(make_temporary_folder("tenon-test").value());
  const std::string path = folder.path + "/x.c";
  REQUIRE(write_text(path, "int x;\n", 0444).has_value());
  MemoryStore store;
  CHECK(source_digest(path, &store).value() == digest_of("int x;\n"));
  CHECK(store.records.empty());
  CHECK_FALSE(source_digest(folder.path + "/none.c", &store).has_value());
}
