static __inline__ __attribute__((always_inline)) UInt32 AudioChannelLayoutTag_GetNumberOfChannels(AudioChannelLayoutTag tag) {
  return tag & 0xFFFF;
}
// Samples as macOS prefers them: floating point, in the order of the processor, packed; for an audio
// unit not interleaved. The bindings take the values of phones.
#define kAudioFormatFlagsCanonical 9U
#define kAudioFormatFlagsAudioUnitCanonical 41U
