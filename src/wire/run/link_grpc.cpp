// The link by gRPC. Each call is asynchronous below, so that it can be given up at any time.
#include <build/bazel/remote/execution/v2/remote_execution.grpc.pb.h>
#include <build/bazel/remote/execution/v2/remote_execution.pb.h>
#include <build/buildgrid/introspection.grpc.pb.h>
#include <build/buildgrid/introspection.pb.h>
#include <google/bytestream/bytestream.grpc.pb.h>
#include <google/bytestream/bytestream.pb.h>
#include <google/devtools/remoteworkers/v1test2/bots.grpc.pb.h>
#include <google/devtools/remoteworkers/v1test2/bots.pb.h>
#include <google/longrunning/operations.pb.h>
#include <grpc/impl/codegen/grpc_types.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>
#include <grpcpp/support/status_code_enum.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wire/run/link.h"
#include "wire/run/link_grpc_messages.h"
#include "wire/values.h"

namespace tenon::remote {
namespace {

using grpc_link::message_of;
using grpc_link::value_of;
using std::chrono::seconds;
namespace reapi = grpc_link::reapi;
namespace rwapi = grpc_link::rwapi;
using Clock = std::chrono::system_clock;

// Larger blobs go as a stream: a message is in memory twice beside the file.
constexpr std::size_t batch_bytes = std::size_t{512} << 10U;
constexpr std::size_t piece_bytes = std::size_t{256} << 10U;

Errc code_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::DEADLINE_EXCEEDED: return Errc::timeout;
    case grpc::StatusCode::NOT_FOUND: return Errc::not_found;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED: return Errc::permission;
    case grpc::StatusCode::RESOURCE_EXHAUSTED: return Errc::limit;
    case grpc::StatusCode::INVALID_ARGUMENT: return Errc::invalid_argument;
    case grpc::StatusCode::UNIMPLEMENTED: return Errc::unsupported;
    case grpc::StatusCode::CANCELLED: return Errc::interrupted;
    default: return Errc::io;
  }
}

std::unexpected<Failure> failed(const grpc::Status& status) {
  constexpr std::size_t most = 2000;
  const auto code = status.error_code();
  const bool retry = code == grpc::StatusCode::UNAVAILABLE ||
                     code == grpc::StatusCode::DEADLINE_EXCEEDED ||
                     code == grpc::StatusCode::ABORTED || code == grpc::StatusCode::INTERNAL ||
                     code == grpc::StatusCode::UNKNOWN ||
                     // Too many calls at once, or a store that is full for the moment.
                     code == grpc::StatusCode::RESOURCE_EXHAUSTED;
  return std::unexpected(Failure{code_of(code), status.error_message().substr(0, most), retry});
}

std::unexpected<Failure> wrong(const char* text) {
  return std::unexpected(Failure{Errc::malformed, text, false});
}

std::string upload_name(const Digest& digest) {
  static thread_local std::mt19937_64 random{std::random_device{}()};
  std::string id = "00000000-0000-4000-8000-000000000000";
  for (char& c : id) {
    if (c == '0') c = "0123456789abcdef"[random() % 16];
  }
  return "uploads/" + id + "/blobs/" + digest.hash + "/" + std::to_string(digest.size);
}

class GrpcLink final : public Link {
 public:
  GrpcLink(const std::shared_ptr<grpc::Channel>& channel, LinkSetting setting)
      : setting_(std::move(setting)),
        results_(reapi::ActionCache::NewStub(channel)),
        store_(reapi::ContentAddressableStorage::NewStub(channel)),
        stream_(google::bytestream::ByteStream::NewStub(channel)),
        execution_(reapi::Execution::NewStub(channel)),
        bots_(rwapi::Bots::NewStub(channel)),
        known_(build::buildgrid::Introspection::NewStub(channel)) {}

  Answer<std::vector<Digest>> missing(const std::vector<Digest>& wanted) override {
    return repeated([&] { return missing_once(wanted); });
  }

  Answer<void> put(const Blob& blob) override {
    if (blob.bytes.size() > most_blob) {
      return std::unexpected(Failure{Errc::limit, "a file of more than 1 GB", false});
    }
    return repeated([&] { return put_once(blob); });
  }

  Answer<std::string> get(const Digest& digest) override {
    if (digest.size == 0) return std::string();
    if (digest.size > most_blob) return std::unexpected(Failure{Errc::limit, "too large", false});
    return repeated([&] { return get_once(digest); });
  }

  Answer<KeptResult> result(const Digest& action) override;
  Answer<void> set_result(const Digest& action, const KeptResult& kept) override;
  Answer<Executed> execute(const Digest& action, bool skip_cache,
                           const std::function<bool(Stage)>& see) override;
  Answer<std::vector<std::string>> workers() override;
  Answer<Session> report(const Session& session, seconds wait,
                         const std::function<bool()>& go_on) override;

 private:
  // A call of the store, until it answers or the outage is longer than what is waited for.
  template <class Call>
  auto repeated(const Call& call) -> decltype(call()) {
    const auto first = std::chrono::steady_clock::now();
    constexpr std::chrono::milliseconds step{100};
    int steps = 2;
    while (true) {
      auto answer = call();
      if (answer || !answer.error().retry) return answer;
      for (int i = 0; i < steps; ++i) {
        const bool over = std::chrono::steady_clock::now() - first >= setting_.outage;
        if (over || (setting_.go_on && !setting_.go_on())) return answer;
        std::this_thread::sleep_for(step);
      }
      steps = std::min(2 * steps, 20);
    }
  }

  Answer<std::vector<Digest>> missing_once(const std::vector<Digest>& wanted) {
    constexpr std::size_t at_once = 10'000;
    std::vector<Digest> out;
    for (std::size_t start = 0; start < wanted.size(); start += at_once) {
      reapi::FindMissingBlobsRequest request;
      const std::size_t end = std::min(start + at_once, wanted.size());
      for (std::size_t i = start; i < end; ++i) {
        *request.add_blob_digests() = message_of(wanted[i]);
      }
      grpc::ClientContext context;
      prepare(context, 0);
      reapi::FindMissingBlobsResponse response;
      const auto status = store_->FindMissingBlobs(&context, request, &response);
      if (!status.ok()) return failed(status);
      for (const reapi::Digest& row : response.missing_blob_digests()) {
        const auto digest = value_of(row);
        if (!digest) return wrong("the store named an invalid digest");
        out.push_back(*digest);
      }
    }
    return out;
  }

  Answer<void> put_once(const Blob& blob) {
    if (blob.bytes.size() > batch_bytes) return put_stream(blob);
    reapi::BatchUpdateBlobsRequest request;
    auto* row = request.add_requests();
    *row->mutable_digest() = message_of(blob.digest);
    row->set_data(blob.bytes.data(), blob.bytes.size());
    grpc::ClientContext context;
    prepare(context, blob.bytes.size());
    reapi::BatchUpdateBlobsResponse response;
    const auto status = store_->BatchUpdateBlobs(&context, request, &response);
    if (!status.ok()) return failed(status);
    if (response.responses_size() != 1) return wrong("the store did not say what it kept");
    const auto& one = response.responses(0).status();
    if (one.code() != 0) {
      return failed(grpc::Status(static_cast<grpc::StatusCode>(one.code()), one.message()));
    }
    return {};
  }

  Answer<std::string> get_once(const Digest& digest) {
    auto bytes = digest.size > batch_bytes ? get_stream(digest) : get_batch(digest);
    if (!bytes) return bytes;
    if (digest_of(*bytes) != digest)
      return wrong("the store gave other bytes than their digest says");
    return bytes;
  }

  // Longer for more bytes.
  void prepare(grpc::ClientContext& context, std::uint64_t size) const {
    const auto more = std::chrono::milliseconds(1000 * size / setting_.rate);
    context.set_deadline(Clock::now() + setting_.patience + more);
    authorize(context);
  }

  void authorize(grpc::ClientContext& context) const {
    context.set_wait_for_ready(setting_.wait_for_service);
    if (!setting_.token.empty()) context.AddMetadata("authorization", "Bearer " + setting_.token);
  }

  Answer<void> put_stream(const Blob& blob) {
    grpc::ClientContext context;
    prepare(context, blob.bytes.size());
    google::bytestream::WriteResponse response;
    const auto writer = stream_->Write(&context, &response);
    google::bytestream::WriteRequest request;
    request.set_resource_name(upload_name(blob.digest));
    for (std::size_t at = 0; at < blob.bytes.size(); at += piece_bytes) {
      const auto piece = blob.bytes.substr(at, piece_bytes);
      request.set_write_offset(static_cast<std::int64_t>(at));
      request.set_data(piece.data(), piece.size());
      request.set_finish_write(at + piece.size() == blob.bytes.size());
      // The store ends the stream early when it has the blob already.
      if (!writer->Write(request)) break;
      request.clear_resource_name();
    }
    writer->WritesDone();
    const auto status = writer->Finish();
    if (!status.ok()) return failed(status);
    if (response.committed_size() != static_cast<std::int64_t>(blob.bytes.size())) {
      return std::unexpected(Failure{Errc::truncated, "the store kept a part of a file", true});
    }
    return {};
  }

  Answer<std::string> get_batch(const Digest& digest) {
    reapi::BatchReadBlobsRequest request;
    *request.add_digests() = message_of(digest);
    grpc::ClientContext context;
    prepare(context, digest.size);
    reapi::BatchReadBlobsResponse response;
    const auto status = store_->BatchReadBlobs(&context, request, &response);
    if (!status.ok()) return failed(status);
    if (response.responses_size() != 1) return wrong("the store did not answer for a file");
    auto& one = *response.mutable_responses(0);
    if (one.status().code() != 0) {
      return failed(
          grpc::Status(static_cast<grpc::StatusCode>(one.status().code()), one.status().message()));
    }
    return std::move(*one.mutable_data());
  }

  Answer<std::string> get_stream(const Digest& digest);

  LinkSetting setting_;
  std::unique_ptr<reapi::ActionCache::Stub> results_;
  std::unique_ptr<reapi::ContentAddressableStorage::Stub> store_;
  std::unique_ptr<google::bytestream::ByteStream::Stub> stream_;
  std::unique_ptr<reapi::Execution::Stub> execution_;
  std::unique_ptr<rwapi::Bots::Stub> bots_;
  std::unique_ptr<build::buildgrid::Introspection::Stub> known_;
};

// Waits for one event of a queue, and cancels the call once `go_on` says no. Whether it went well.
bool wait_for(grpc::CompletionQueue& queue, grpc::ClientContext& context,
              const std::function<bool()>& go_on, bool& given_up) {
  while (true) {
    void* tag = nullptr;
    bool well = false;
    const auto step = Clock::now() + std::chrono::milliseconds(100);
    const auto got = queue.AsyncNext(&tag, &well, step);
    if (got == grpc::CompletionQueue::GOT_EVENT) return well;
    if (got == grpc::CompletionQueue::SHUTDOWN) return false;
    if (!given_up && !go_on()) {
      given_up = true;
      context.TryCancel();
    }
  }
}

// The pieces as they come; each has its own patience, so that a store that stops in the middle is
// not waited for as long as the whole may take.
Answer<std::string> GrpcLink::get_stream(const Digest& digest) {
  grpc::ClientContext context;
  prepare(context, digest.size);
  google::bytestream::ReadRequest request;
  request.set_resource_name("blobs/" + digest.hash + "/" + std::to_string(digest.size));
  grpc::CompletionQueue queue;
  bool given_up = false;
  auto last = Clock::now();
  const auto go_on = [&] { return Clock::now() - last <= setting_.patience; };
  const auto reader = stream_->AsyncRead(&context, request, &queue, nullptr);
  (void)wait_for(queue, context, go_on, given_up);
  google::bytestream::ReadResponse response;
  std::string out;
  bool too_long = false;
  while (true) {
    last = Clock::now();
    reader->Read(&response, nullptr);
    if (!wait_for(queue, context, go_on, given_up)) break;
    too_long = too_long || response.data().size() > digest.size - out.size();
    if (too_long) {
      context.TryCancel();
    } else {
      out += response.data();
    }
  }
  grpc::Status status;
  reader->Finish(&status, nullptr);
  (void)wait_for(queue, context, go_on, given_up);
  if (too_long) return wrong("the store gave more bytes than the digest says");
  if (given_up) return std::unexpected(Failure{Errc::timeout, "the store stopped answering", true});
  if (!status.ok()) return failed(status);
  return out;
}

Answer<KeptResult> GrpcLink::result(const Digest& action) {
  reapi::GetActionResultRequest request;
  *request.mutable_action_digest() = message_of(action);
  request.set_inline_stdout(true);
  grpc::ClientContext context;
  prepare(context, 0);
  reapi::ActionResult response;
  const auto status = results_->GetActionResult(&context, request, &response);
  if (!status.ok()) return failed(status);
  auto value = value_of(response);
  if (!value) return wrong("the store gave an invalid result");
  KeptResult out{*std::move(value), {}};
  if (digest_of(response.stdout_raw()) == out.result.out) {
    out.text = std::move(*response.mutable_stdout_raw());
  } else {
    out.text = TENON_TRY(get(out.result.out));
  }
  return out;
}

Answer<void> GrpcLink::set_result(const Digest& action, const KeptResult& kept) {
  reapi::UpdateActionResultRequest request;
  *request.mutable_action_digest() = message_of(action);
  *request.mutable_action_result() = message_of(kept.result);
  request.mutable_action_result()->set_stdout_raw(kept.text);
  grpc::ClientContext context;
  prepare(context, kept.text.size());
  reapi::ActionResult response;
  const auto status = results_->UpdateActionResult(&context, request, &response);
  if (!status.ok()) return failed(status);
  return {};
}

Stage stage_of(const google::longrunning::Operation& operation) {
  reapi::ExecuteOperationMetadata data;
  if (!operation.metadata().UnpackTo(&data)) return Stage::unknown;
  switch (data.stage()) {
    case reapi::ExecutionStage::CACHE_CHECK: return Stage::cache_check;
    case reapi::ExecutionStage::QUEUED: return Stage::queued;
    case reapi::ExecutionStage::EXECUTING: return Stage::executing;
    case reapi::ExecutionStage::COMPLETED: return Stage::completed;
    default: return Stage::unknown;
  }
}

Answer<Executed> executed(const google::longrunning::Operation& operation) {
  Executed out;
  if (operation.has_error()) {
    out.status = operation.error().code();
    out.message = operation.error().message();
    return out;
  }
  reapi::ExecuteResponse response;
  if (!operation.response().UnpackTo(&response)) return wrong("an execution without its answer");
  out.status = response.status().code();
  out.message = response.status().message();
  out.cached = response.cached_result();
  if (out.status != 0) return out;
  auto result = value_of(response.result());
  if (!result) return wrong("an execution with an invalid result");
  out.result = *std::move(result);
  return out;
}

Answer<Executed> GrpcLink::execute(const Digest& action, bool skip_cache,
                                   const std::function<bool(Stage)>& see) {
  reapi::ExecuteRequest request;
  request.set_skip_cache_lookup(skip_cache);
  *request.mutable_action_digest() = message_of(action);
  grpc::ClientContext context;
  authorize(context);
  grpc::CompletionQueue queue;
  Stage stage = Stage::unknown;
  const auto go_on = [&] { return see(stage); };
  bool given_up = false;
  const auto reader = execution_->AsyncExecute(&context, request, &queue, nullptr);
  (void)wait_for(queue, context, go_on, given_up);
  std::optional<google::longrunning::Operation> last;
  google::longrunning::Operation operation;
  while (true) {
    reader->Read(&operation, nullptr);
    if (!wait_for(queue, context, go_on, given_up)) break;
    if (operation.done()) last = operation;
    stage = stage_of(operation);
    (void)see(stage);
  }
  grpc::Status status;
  reader->Finish(&status, nullptr);
  (void)wait_for(queue, context, go_on, given_up);
  if (last) return executed(*last);
  if (status.ok()) return std::unexpected(Failure{Errc::truncated, "the answer ended early", true});
  return failed(status);
}

Answer<std::vector<std::string>> GrpcLink::workers() {
  constexpr int at_once = 100;
  constexpr int most_pages = 100;
  std::vector<std::string> out;
  for (int page = 1; page <= most_pages; ++page) {
    build::buildgrid::ListWorkersRequest request;
    request.set_page(page);
    request.set_page_size(at_once);
    grpc::ClientContext context;
    const auto most = std::chrono::milliseconds(seconds(10));
    context.set_deadline(Clock::now() + std::min(setting_.patience, most));
    authorize(context);
    build::buildgrid::ListWorkersResponse response;
    const auto status = known_->ListWorkers(&context, request, &response);
    if (!status.ok()) return failed(status);
    for (const auto& worker : response.workers()) out.push_back(worker.worker_name());
    if (response.workers_size() < at_once) break;
  }
  return out;
}

Answer<Session> GrpcLink::report(const Session& session, seconds wait,
                                 const std::function<bool()>& go_on) {
  grpc::ClientContext context;
  context.set_deadline(Clock::now() + wait);
  authorize(context);
  // A scheduler that starts again is found at once.
  context.set_wait_for_ready(true);
  grpc::CompletionQueue queue;
  rwapi::BotSession answer;
  grpc::Status status;
  bool given_up = false;
  if (session.name.empty()) {
    rwapi::CreateBotSessionRequest request;
    *request.mutable_bot_session() = message_of(session);
    bots_->AsyncCreateBotSession(&context, request, &queue)->Finish(&answer, &status, nullptr);
    (void)wait_for(queue, context, go_on, given_up);
  } else {
    rwapi::UpdateBotSessionRequest request;
    request.set_name(session.name);
    *request.mutable_bot_session() = message_of(session);
    bots_->AsyncUpdateBotSession(&context, request, &queue)->Finish(&answer, &status, nullptr);
    (void)wait_for(queue, context, go_on, given_up);
  }
  if (!status.ok()) return failed(status);
  auto out = value_of(answer, session);
  if (!out) return wrong("the scheduler gave an invalid session");
  return *std::move(out);
}

}  // namespace

bool has_link() { return true; }

Answer<std::unique_ptr<Link>> Link::open(const std::string& address) {
  LinkSetting setting;
  setting.address = address;
  return open(setting);
}

Answer<std::unique_ptr<Link>> Link::open(const LinkSetting& setting) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(static_cast<int>(most_message + 65'536));
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  auto credentials = grpc::InsecureChannelCredentials();
  if (setting.tls) {
    grpc::SslCredentialsOptions options;
    options.pem_root_certs = setting.authorities;
    credentials = grpc::SslCredentials(options);
  }
  return std::make_unique<GrpcLink>(
      grpc::CreateCustomChannel(setting.address, credentials, arguments), setting);
}

}  // namespace tenon::remote
