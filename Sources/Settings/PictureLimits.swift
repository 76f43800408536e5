/// Sizes of photographs that are taken, in pixels.
public enum PictureLimits {
    /// Most pixels of a photograph.
    public static let maximumPixels = 500_000_000
    /// Most pixels of a picture that is loaded whole, at 16 bytes each.
    public static let maximumPixelsInMemory = 100_000_000
    /// Shortest side of a photograph.
    public static let minimumSide = 8

    /// - Throws: `StyleError.pictureTooLarge`.
    public static func checkNotTooLarge(width: Int, height: Int, most: Int = PictureLimits.maximumPixels) throws {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= most else {
            throw StyleError.pictureTooLarge(width: width, height: height, maximumPixels: most)
        }
    }

    /// - Throws: `StyleError.pictureTooSmall` or `.pictureTooLarge`.
    public static func check(width: Int, height: Int) throws {
        guard min(width, height) >= minimumSide else {
            throw StyleError.pictureTooSmall(width: width, height: height, minimum: minimumSide)
        }
        try checkNotTooLarge(width: width, height: height)
    }
}
