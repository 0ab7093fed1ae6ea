// What is kept of a submission that is not complete, so that it can be continued after whatever
// happened. It holds the credentials of the upload until that is done: 12 hours of access to one
// place for one file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace tenon::notarize {

struct UploadedPart {
  std::int64_t number = 0;
  std::string tag;  // ETag

  static void fields(auto& x, auto visit) {
    visit("number", x.number);
    visit("tag", x.tag);
  }
};

struct SubmissionRecord {
  std::string id;
  std::string path;    // what the user named
  std::string name;    // of the file that was sent
  std::string sha256;  // of it
  std::int64_t size = 0;
  std::int64_t created = 0;  // seconds since 1970
  bool uploaded = false;
  std::string access_key, secret_key, session_token, bucket, object;
  std::string upload;  // of several parts
  std::int64_t part_size = 0;
  std::vector<UploadedPart> parts;

  static void fields(auto& x, auto visit) {
    visit("id", x.id);
    visit("path", x.path);
    visit("name", x.name);
    visit("sha256", x.sha256);
    visit("size", x.size);
    visit("created", x.created);
    visit("uploaded", x.uploaded);
    visit("access_key", x.access_key);
    visit("secret_key", x.secret_key);
    visit("session_token", x.session_token);
    visit("bucket", x.bucket);
    visit("object", x.object);
    visit("upload", x.upload);
    visit("part_size", x.part_size);
    visit("parts", x.parts);
  }
};

class RecordStore {
 public:
  RecordStore() = default;
  RecordStore(const RecordStore&) = delete;
  RecordStore& operator=(const RecordStore&) = delete;
  virtual ~RecordStore() = default;
  virtual Result<void> save(const SubmissionRecord& record) = 0;
  // not_found without one.
  [[nodiscard]] virtual Result<SubmissionRecord> load(const std::string& id) = 0;
  virtual void forget(const std::string& id) = 0;
};

// The number of a submission: letters of a UUID. Anything else names no record and no address.
[[nodiscard]] bool is_submission_id(std::string_view text);

}  // namespace tenon::notarize
