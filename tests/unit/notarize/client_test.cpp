// Submissions against a transport that plays the service, on a clock that only sleeps move.
#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/digest.h"
#include "diag/codes.h"
#include "notarize/client/answers.h"
#include "notarize/client/record.h"
#include "notarize/client/service.h"
#include "notarize/client/submission.h"
#include "notarize/client/token.h"
#include "notarize/client/transport.h"
#include "notarize/client/upload.h"

using namespace tenon;
using namespace tenon::notarize;

namespace {

const std::string id = "2efe2717-52ef-43a5-96dc-0797e4ca1041";

class Script final : public Transport {
 public:
  using Answer = Result<HttpResponse, TransportError>;

  Answer send(const HttpRequest& request) override {
    sent.push_back(request);
    bodies.emplace_back(request.upload.empty() ? view_of(request.body).text()
                                               : request.upload.text());
    if (answers.empty()) return HttpResponse{500, {}, {}};
    Answer out = answers.front();
    if (answers.size() > 1 || !last_stays) answers.pop_front();
    return out;
  }
  void add(int status, std::string body = {}, HttpHeaders headers = {}) {
    answers.emplace_back(HttpResponse{status, std::move(headers), std::move(body)});
  }
  void fail(TransportError::Kind kind = TransportError::Kind::network) {
    answers.emplace_back(std::unexpected(TransportError{kind, "reset"}));
  }

  std::deque<Answer> answers;
  bool last_stays = false;
  std::vector<HttpRequest> sent;
  std::vector<std::string> bodies;
};

class StoppedClock final : public Clock {
 public:
  std::int64_t now() override { return at / 1000; }
  bool sleep(std::chrono::milliseconds time) override {
    slept.push_back(time.count());
    at += time.count();
    return stop_after == 0 || slept.size() < stop_after;
  }
  std::int64_t at = 1'800'000'000'000;
  std::vector<std::int64_t> slept;
  std::size_t stop_after = 0;
};

class Lines final : public Progress {
 public:
  void status(const Shown& text) override { all += text.text() + "\n"; }
  void clear_status() override {}
  void leave_status() override {}
  void line(const Shown& text) override { all += text.text() + "\n"; }
  [[nodiscard]] bool live() const override { return true; }
  std::string all;
};

class Kept final : public RecordStore {
 public:
  Result<void> save(const SubmissionRecord& record) override {
    records[record.id] = record;
    return {};
  }
  Result<SubmissionRecord> load(const std::string& name) override {
    const auto found = records.find(name);
    return found == records.end() ? fail(Errc::not_found, "none")
                                  : Result<SubmissionRecord>(found->second);
  }
  void forget(const std::string& name) override { records.erase(name); }
  std::map<std::string, SubmissionRecord> records;
};

struct World {
  Script transport;
  StoppedClock clock;
  Lines lines;
  Kept store;
  Wire wire{transport, clock, lines, true, {}};
  Endpoints endpoints{
      "https://notary.example/notary/v2/submissions", "https://s3.example", "us-west-2", {}};
  Service service{wire,
                  Account{"KEY", "ISSUER", [](std::string_view) { return std::string(64, 's'); }},
                  endpoints.notary};
  Uploader uploader{wire, store, endpoints};
  Notarization notarization{wire, service, uploader, store};
};

std::string state(const std::string& status) {
  return R"({"data":{"id":")" + id + R"(","type":"submissions","attributes":{"status":")" + status +
         R"(","name":"a.zip","createdDate":"2026-01-01T00:00:00Z"}}})";
}

std::string made() {
  return R"({"data":{"id":")" + id +
         R"(","type":"newSubmissions","attributes":{"awsAccessKeyId":"AK","awsSecretAccessKey":"SECRET",)"
         R"("awsSessionToken":"TOKEN","bucket":"b","object":"prod/A:1"}},"meta":{}})";
}

Code code_of_error(const auto& outcome) { return outcome ? Code::none : outcome.error().code; }

}  // namespace

TEST_CASE("client: polls are never closer than five seconds, and further apart each time") {
  World w;
  for (int i = 0; i < 30; ++i) w.transport.add(200, state("In Progress"));
  w.transport.add(200, state("Accepted"));
  const auto done = w.notarization.wait(id, {});
  REQUIRE(done);
  CHECK(done->status == "Accepted");
  REQUIRE(w.clock.slept.size() == 30);
  CHECK(w.clock.slept.front() == 5000);
  CHECK(w.clock.slept[1] == 7500);
  CHECK(w.clock.slept.back() == 60'000);
  CHECK(w.transport.sent.front().url == w.endpoints.notary + "/" + id);
}

TEST_CASE("client: a wait ends at its limit") {
  World w;
  w.transport.add(200, state("In Progress"));
  w.transport.last_stays = true;
  const std::int64_t begin = w.clock.now();
  CHECK(code_of_error(w.notarization.wait(id, {100, std::chrono::seconds(5)})) ==
        Code::notarize_still_in_progress);
  CHECK(w.clock.now() - begin == 100);
}

TEST_CASE("client: a stopped wait says how it goes on") {
  World w;
  w.transport.add(200, state("In Progress"));
  w.transport.last_stays = true;
  w.clock.stop_after = 2;
  const auto done = w.notarization.wait(id, {});
  REQUIRE_FALSE(done);
  CHECK(done.error().code == Code::notarize_interrupted);
  CHECK(done.error().fixes.front().text.contains("tenon notarize --resume " + id));
}

TEST_CASE("client: passing errors are tried again, with what the service asks for") {
  World w;
  w.transport.add(429, "", {{"retry-after", "7"}});
  w.transport.fail();
  w.transport.add(503);
  w.transport.add(200, state("Accepted"));
  REQUIRE(w.service.status(id));
  CHECK(w.clock.slept == std::vector<std::int64_t>{7000, 2000, 4000});
}

TEST_CASE("client: lasting errors end after five tries, a refusal after one") {
  World w;
  w.transport.add(500);
  w.transport.last_stays = true;
  CHECK(code_of_error(w.service.status(id)) == Code::notarize_service_unreachable);
  CHECK(w.transport.sent.size() == 5);
  World forbidden;
  forbidden.transport.add(
      403, R"({"errors":[{"code":"FORBIDDEN.MISSING_PROVIDER","title":"t","detail":"d"}]})");
  const auto refused = forbidden.service.list();
  CHECK(code_of_error(refused) == Code::notarize_account);
  CHECK(refused.error().fixes.front().text.contains("team key"));
  CHECK(forbidden.transport.sent.size() == 1);
  World broken;
  broken.transport.fail(TransportError::Kind::certificate);
  CHECK(code_of_error(broken.service.list()) == Code::notarize_service_unreachable);
  CHECK(broken.transport.sent.size() == 1);
}

TEST_CASE("client: a token refused because of the clock is made by the clock of the service") {
  World w;
  // One day ahead of 1,800,000,000 (2027-01-15 08:00:00).
  w.transport.add(401, "{}", {{"date", "Sat, 16 Jan 2027 08:00:00 GMT"}});
  w.transport.add(200, R"({"data":[],"meta":{}})");
  REQUIRE(w.service.list());
  CHECK(w.service.clock_offset() == 86'400);
  World same;
  same.transport.add(401, "{}", {{"date", "Fri, 15 Jan 2027 08:00:10 GMT"}});
  CHECK(code_of_error(same.service.list()) == Code::notarize_unauthorized);
}

TEST_CASE("client: a token as Apple describes it") {
  const Account account{"2X9R4HXF34", "57246542-96fe-1a63-e053-0824d011072a", {}};
  CHECK(token_text(account, 1'528'407'600) ==
        base64url(R"({"alg":"ES256","kid":"2X9R4HXF34","typ":"JWT"})") + "." +
            base64url(R"({"iss":"57246542-96fe-1a63-e053-0824d011072a","iat":1528407600,)"
                      R"("exp":1528408500,"aud":"appstoreconnect-v1"})"));
  CHECK(base64url("\xfb\xff\xfe?") == "-__-Pw");
}

TEST_CASE("client: a submission is sent, and no secret is traced") {
  World w;
  w.transport.add(200, made());
  w.transport.add(200);
  const std::string file = "contents";
  const auto record = w.notarization.submit(view_of(file), {"a", "a.zip", {}, default_part});
  REQUIRE(record);
  CHECK(record->uploaded);
  CHECK(w.transport.bodies[0] == R"({"submissionName":"a.zip","sha256":")" +
                                     hex(sha256(view_of(file).bytes())) +
                                     R"(","notifications":[]})");
  CHECK(w.transport.sent[1].url == "https://s3.example/b/prod/A%3A1");
  CHECK(w.transport.bodies[1] == file);
  for (const char* secret : {"SECRET", "TOKEN", "sssss"}) CHECK_FALSE(w.lines.all.contains(secret));
  // What is kept after the upload has no credentials any more.
  CHECK(w.store.records[id].secret_key.empty());
  CHECK(w.store.records[id].session_token.empty());
}

TEST_CASE("client: parts that were sent are not sent again") {
  World w;
  SubmissionRecord record;
  record.id = id;
  record.size = 25;
  record.part_size = 10;
  record.created = w.clock.now();
  record.access_key = record.secret_key = record.session_token = record.bucket = record.object =
      "x";
  const std::string file = "0123456789abcdefghijABCDE";
  w.transport.add(
      200, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>");
  w.transport.add(200, "", {{"etag", "\"1\""}});
  w.transport.add(400, "<Error><Code>ExpiredToken</Code></Error>");
  CHECK(code_of_error(w.uploader.run(view_of(file), record)) == Code::notarize_upload_failed);
  SubmissionRecord kept = w.store.records[id];
  CHECK(kept.parts.size() == 1);
  w.transport.add(200, "", {{"etag", "\"2\""}});
  w.transport.add(200, "", {{"etag", "\"3\""}});
  w.transport.add(200, "<CompleteMultipartUploadResult/>");
  REQUIRE(w.uploader.run(view_of(file), kept));
  CHECK(w.transport.bodies[3] == "abcdefghij");
  CHECK(w.transport.bodies[4] == "ABCDE");
  CHECK(w.transport.bodies[5].contains("<PartNumber>3</PartNumber><ETag>&quot;3&quot;</ETag>"));
  // Credentials live for 12 hours.
  kept.uploaded = false;
  w.clock.at += 13L * 3600 * 1000;
  CHECK(code_of_error(w.uploader.run(view_of(file), kept)) == Code::notarize_upload_failed);
  CHECK(w.transport.sent.size() == 6);
}

TEST_CASE("client: an error in an answer of status 200 is one") {
  World w;
  SubmissionRecord record;
  record.id = id;
  record.size = 2;
  record.part_size = 1;
  record.created = w.clock.now();
  record.upload = "u";
  record.parts = {{1, "a"}, {2, "b"}};
  record.bucket = record.object = "x";
  w.transport.add(200, "<Error><Code>InternalError</Code><Message>m</Message></Error>");
  CHECK(code_of_error(w.uploader.run(view_of("ab"), record)) == Code::notarize_upload_failed);
}

TEST_CASE("client: a log is compared with what was sent") {
  const Submission accepted{id, "a.zip", "", "Accepted"};
  const auto log = read_log(
      R"({"jobId":"x","status":"Accepted","statusCode":0,"sha256":"aa","issues":null,)"
      R"("ticketContents":[{"path":"a.zip/t","digestAlgorithm":"SHA-256","cdhash":"0102","arch":"arm64"}]})");
  REQUIRE(log);
  CHECK(findings_of(accepted, &*log, {{"t", "arm64", "0102"}}, "aa").empty());
  const auto missing = findings_of(accepted, &*log, {{"t", "arm64", "0103"}}, "aa");
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].code == Code::notarize_not_in_ticket);
  const auto other = findings_of(accepted, &*log, {}, "bb");
  REQUIRE(other.size() == 1);
  CHECK(other[0].code == Code::notarize_upload_failed);
}

TEST_CASE("client: addresses that may be asked") {
  for (const char* url :
       {"https://a.example/x", "http://127.0.0.1:8080/", "http://localhost", "http://[::1]:1/x"}) {
    CAPTURE(url);
    CHECK(is_allowed_url(url));
  }
  for (const char* url :
       {"http://a.example", "http://127.0.0.1.example/", "ftp://127.0.0.1", "https://", "file:///x",
        "https://user@a.example", "http://localhost@evil.example", "https://a b"}) {
    CAPTURE(url);
    CHECK_FALSE(is_allowed_url(url));
  }
  CHECK(shown_url("https://a/b?signature=x") == "https://a/b");
  CHECK(notary_endpoint("https://a.example") == "https://a.example/notary/v2/submissions");
  CHECK(notary_endpoint("https://a.example/x/") == "https://a.example/x/submissions");
  CHECK(notary_endpoint("https://a.example/x/submissions") == "https://a.example/x/submissions");
  CHECK(ticket_endpoint("https://a.example/lookup") == "https://a.example/lookup");
}

TEST_CASE("client: dates of HTTP") {
  CHECK(http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784'111'777);
  for (const char* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET"}) {
    CHECK_FALSE(http_date(text));
  }
  CHECK(retry_after({429, {{"retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"}}, {}}, 784'111'770) ==
        7);
  CHECK(retry_after({429, {{"retry-after", "999999999999"}}, {}}, 0) == 3600);
  CHECK_FALSE(retry_after({429, {}, {}}, 0));
}

TEST_CASE("client: answers that are none") {
  for (const char* text :
       {"", "{", "[]", "{}", R"({"data":{}})", R"({"data":{"id":1}})", R"({"data":[{}]})"}) {
    CAPTURE(text);
    CHECK_FALSE(read_new_submission(text));
    CHECK_FALSE(read_submission(text));
    CHECK_FALSE(read_log_url(text));
    CHECK_FALSE(read_log(text));
    CHECK_FALSE(read_ticket(text, "2/2/00"));
  }
  CHECK_FALSE(read_submissions(R"({"data":{}})"));
  CHECK(read_error("<html>").code.empty());
  CHECK(is_submission_id(id));
  for (const char* text : {"", "../x", "a/b", "a?b", "a b"}) CHECK_FALSE(is_submission_id(text));
}
