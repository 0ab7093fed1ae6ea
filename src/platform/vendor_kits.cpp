// The directories are those of the vendors' installation guides.
#include "platform/vendor_kits.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/text.h"

namespace tenon {
namespace {

constexpr auto kits = std::to_array<VendorKit>({
    {.name = "CUDA",
     .headers = "cuda.h cuda_runtime.h cuda_runtime_api.h cublas_v2.h cudnn.h nvml.h nvrtc.h "
                "curand.h cufft.h cusparse.h cusolverDn.h nvjpeg.h npp.h",
     .libraries = "cuda cudart cublas cublasLt cudnn nvidia-ml nvrtc curand cufft cusparse "
                  "cusolver nvjpeg",
     .include_directory = "/usr/local/cuda/include",
     .library_directory = "/usr/local/cuda/lib64"},
    {.name = "Intel SGX",
     .headers = "sgx_error.h sgx_urts.h sgx_eid.h sgx_quote_3.h sgx_dcap_ql_wrapper.h",
     .libraries = "sgx_urts sgx_uae_service",
     .include_directory = "/opt/intel/sgxsdk/include",
     .library_directory = "/opt/intel/sgxsdk/lib64"},
    {.name = "IBM MQ",
     .headers = "cmqc.h cmqxc.h cmqcfc.h",
     .libraries = "mqm_r mqm mqic_r",
     .include_directory = "/opt/mqm/inc",
     .library_directory = "/opt/mqm/lib64"},
    {.name = "SAP NetWeaver RFC",
     .headers = "sapnwrfc.h sapuc.h",
     .libraries = "sapnwrfc sapucum",
     .include_directory = "/usr/local/sap/nwrfcsdk/include",
     .library_directory = "/usr/local/sap/nwrfcsdk/lib"},
    {.name = "VideoCore of Raspberry Pi",
     .headers = "bcm_host.h interface/",
     .libraries = "bcm_host mmal vcos",
     .include_directory = "/opt/vc/include",
     .library_directory = "/opt/vc/lib"},
    {.name = "ROCm",
     .headers = "hip/ rocblas/ rocm_smi/ rocm_smi.h",
     .libraries = "amdhip64 rocblas rocm_smi64",
     .include_directory = "/opt/rocm/include",
     .library_directory = "/opt/rocm/lib"},
    {.name = "OpenVINO",
     .headers = "openvino/ inference_engine.hpp",
     .libraries = "openvino openvino_c inference_engine",
     .include_directory = "/opt/intel/openvino/runtime/include",
     .library_directory = "/opt/intel/openvino/runtime/lib/intel64"},
    {.name = "TensorFlow for C",
     .headers = "tensorflow/c/",
     .libraries = "tensorflow tensorflow_framework",
     .include_directory = "/usr/local/include",
     .library_directory = "/usr/local/lib"},
    {.name = "ONNX Runtime",
     .headers = "onnxruntime_c_api.h onnxruntime_cxx_api.h onnxruntime/",
     .libraries = "onnxruntime",
     .include_directory = "/opt/onnxruntime/include",
     .library_directory = "/opt/onnxruntime/lib"},
    {.name = "a JDK",
     .headers = "jni.h jni_md.h",
     .libraries = "jvm",
     .include_directory = "/usr/lib/jvm/default-java/include",
     .library_directory = "/usr/lib/jvm/default-java/lib/server"},
});

bool lists(std::string_view names, std::string_view name) {
  return std::ranges::any_of(split_words(names), [&](std::string_view one) {
    return one.ends_with('/') ? name.starts_with(one) : name == one;
  });
}

}  // namespace

const VendorKit* vendor_kit_of(std::string_view name) {
  const auto* const found = std::ranges::find_if(kits, [&](const VendorKit& one) {
    return lists(name.ends_with(".h") || name.ends_with(".hpp") ? one.headers : one.libraries,
                 name);
  });
  return found == kits.end() ? nullptr : &*found;
}

std::span<const VendorKit> all_vendor_kits() { return kits; }

}  // namespace tenon
