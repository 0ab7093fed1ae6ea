
// What the bindings leave out because it speaks of dispatch's types. By Apple's public documentation; the tests hold it
// against PyObjC.
TENON_DECLARATIONS_BEGIN
extern SecTaskRef SecTaskCreateWithAuditToken(CFAllocatorRef allocator, audit_token_t token);
extern void sec_protocol_options_add_pre_shared_key(sec_protocol_options_t options, dispatch_data_t psk,
                                                    dispatch_data_t psk_identity);
extern void sec_protocol_options_set_tls_pre_shared_key_identity_hint(sec_protocol_options_t options,
                                                                      dispatch_data_t psk_identity_hint);
extern void sec_protocol_options_set_tls_diffie_hellman_parameters(sec_protocol_options_t options, dispatch_data_t params);
extern dispatch_data_t sec_protocol_metadata_copy_peer_public_key(sec_protocol_metadata_t metadata);
extern dispatch_data_t sec_protocol_metadata_create_secret(sec_protocol_metadata_t metadata, size_t label_len,
                                                           const char *label, size_t exporter_length);
extern dispatch_data_t sec_protocol_metadata_create_secret_with_context(sec_protocol_metadata_t metadata,
                                                                        size_t label_len, const char *label,
                                                                        size_t context_len, const uint8_t *context,
                                                                        size_t exporter_length);
#ifdef __BLOCKS__
typedef void (^sec_protocol_pre_shared_key_selection_complete_t)(dispatch_data_t psk_identity);
typedef void (^sec_protocol_pre_shared_key_selection_t)(sec_protocol_metadata_t metadata, dispatch_data_t psk_identity_hint,
                                                        sec_protocol_pre_shared_key_selection_complete_t complete);
extern void sec_protocol_options_set_pre_shared_key_selection_block(
    sec_protocol_options_t options, sec_protocol_pre_shared_key_selection_t psk_selection_block,
    dispatch_queue_t psk_selection_queue);
extern void sec_protocol_options_set_key_update_block(sec_protocol_options_t options,
                                                      sec_protocol_key_update_t key_update_block,
                                                      dispatch_queue_t key_update_queue);
extern void sec_protocol_options_set_challenge_block(sec_protocol_options_t options,
                                                     sec_protocol_challenge_t challenge_block,
                                                     dispatch_queue_t challenge_queue);
extern void sec_protocol_options_set_verify_block(sec_protocol_options_t options, sec_protocol_verify_t verify_block,
                                                  dispatch_queue_t verify_block_queue);
extern bool sec_protocol_metadata_access_ocsp_response(sec_protocol_metadata_t metadata,
                                                       void (^handler)(dispatch_data_t ocsp_data));
extern bool sec_protocol_metadata_access_distinguished_names(sec_protocol_metadata_t metadata,
                                                             void (^handler)(dispatch_data_t distinguished_name));
extern bool sec_protocol_metadata_access_pre_shared_keys(sec_protocol_metadata_t metadata,
                                                         void (^handler)(dispatch_data_t psk,
                                                                         dispatch_data_t psk_identity));
extern OSStatus SecTrustEvaluateAsync(SecTrustRef trust, dispatch_queue_t queue, SecTrustCallback result);
extern OSStatus SecTrustEvaluateAsyncWithError(SecTrustRef trust, dispatch_queue_t queue, SecTrustWithErrorCallback result);
extern void SecTransformExecuteAsync(SecTransformRef transform, dispatch_queue_t delivery_queue,
                                     SecMessageBlock delivery_block);
extern void SecKeyGeneratePairAsync(CFDictionaryRef parameters, dispatch_queue_t delivery_queue,
                                    SecKeyGeneratePairBlock result);
#endif
TENON_DECLARATIONS_END
