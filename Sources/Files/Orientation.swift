import Raster

/// How a picture must be turned to stand upright; raw values are those of the Exif and TIFF tag 274.
enum Orientation: Int, CaseIterable {
    case upright = 1, mirrored, upsideDown, flipped, transposed, turnedRight, transversed, turnedLeft

    /// Whether width and height change places.
    var swapsSides: Bool { rawValue >= Orientation.transposed.rawValue }

    /// `picture` as stored in the file, turned upright.
    func applied(to picture: Bitmap) -> Bitmap {
        if self == .upright { return picture }
        let (lastX, lastY) = (picture.width - 1, picture.height - 1)
        let (width, height) = swapsSides ? (picture.height, picture.width) : (picture.width, picture.height)
        return Bitmap(width: width, height: height) { x, y in
            switch self {
            case .upright: return picture[x, y]
            case .mirrored: return picture[lastX - x, y]
            case .upsideDown: return picture[lastX - x, lastY - y]
            case .flipped: return picture[x, lastY - y]
            case .transposed: return picture[y, x]
            case .turnedRight: return picture[y, lastY - x]
            case .transversed: return picture[lastX - y, lastY - x]
            case .turnedLeft: return picture[lastX - y, x]
            }
        }
    }
}
