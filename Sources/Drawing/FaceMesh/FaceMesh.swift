import Raster

/// The dense mesh of one face: 478 points by the numbers of MediaPipe's canonical face model, irises last.
public struct FaceMesh: Equatable, Sendable {
    /// Points of the skin, which come first and have a depth.
    public static let skinCount = 468
    /// All points: five follow for each iris, the centre first.
    public static let count = 478

    /// 478 places in pixels of the picture that the mesh belongs to.
    public let points: [Point]
    /// Of the first 468 points, in pixels, growing away from the viewer; 0 is about the middle of the head.
    public let depths: [Double]
    /// How sure the network is that it saw a face, 0…1.
    public let presence: Double
    /// What the photograph shows of the left and of the right iris, R'G'B'; `nil` when it was not measured.
    public var irises: IrisColours?
    /// Where the head's hair lies; `nil` when it was not looked for.
    public var hair: HairMap?
    /// Whether something lies before mouth and chin, such as a hand: then neither is drawn.
    public var isMouthCovered = false

    /// - Parameters:
    ///   - points: 478 of them.
    ///   - depths: 468 of them.
    public init(points: [Point], depths: [Double], presence: Double, irises: IrisColours? = nil) {
        precondition(
            points.count == Self.count && depths.count == Self.skinCount, "a mesh has 478 points and 468 depths")
        (self.points, self.depths, self.presence, self.irises) = (points, depths, presence, irises)
    }

    /// The mesh after `transform`.
    public func map(_ transform: SimilarityTransform) -> FaceMesh {
        let scale = transform.scale
        var mesh = FaceMesh(
            points: points.map(transform.apply), depths: depths.map { $0 * scale }, presence: presence, irises: irises)
        mesh.hair = hair?.map(transform)
        mesh.isMouthCovered = isMouthCovered
        return mesh
    }

    /// Whether all points are numbers that pixels can be counted to.
    var isPlaced: Bool { points.allSatisfy { abs($0.x) < 1e7 && abs($0.y) < 1e7 } }

    /// The points with these numbers.
    public func points(_ numbers: [Int]) -> [Point] { numbers.map { points[$0] } }
}

/// Numbers of the mesh's points. Left and right are the viewer's, in this order where there are two lists.
public enum MeshPoints {
    /// From the corner near the nose to the outer corner.
    public static let upperLid = [
        [133, 173, 157, 158, 159, 160, 161, 246, 33], [362, 398, 384, 385, 386, 387, 388, 466, 263],
    ]
    /// From the corner near the nose to the outer corner.
    public static let lowerLid = [
        [133, 155, 154, 153, 145, 144, 163, 7, 33], [362, 382, 381, 380, 374, 373, 390, 249, 263],
    ]
    /// Centre, then four points of the border.
    public static let iris = [[468, 469, 470, 471, 472], [473, 474, 475, 476, 477]]
    /// A ring: the upper edge, then the lower one.
    public static let brow = [
        [70, 63, 105, 66, 107, 55, 65, 52, 53, 46], [300, 293, 334, 296, 336, 285, 295, 282, 283, 276],
    ]
    /// The ring around both lips.
    public static let lips = [
        61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
    ]
    /// The upper lip's lower border, from the viewer's left.
    public static let mouthUpper = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308]
    /// The lower lip's upper border, from the viewer's left.
    public static let mouthLower = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308]
    /// The ring around the face, from the middle of the forehead.
    public static let oval = [
        10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
        152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
    ]
    /// From ear to ear by way of the chin.
    public static let jaw = [
        234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
    ]
    /// Outer and inner point of each nostril.
    package static let nostrils = [[98, 97], [327, 326]]
    /// Three points of each wing of the nose, from above.
    package static let noseWings = [[49, 129, 64], [279, 358, 294]]
    /// Middle of the nose's base.
    package static let noseBase = 2
    /// The nose's base, from the viewer's left.
    package static let noseEdge = [98, 97, 2, 326, 327]
    /// A ring around the nose from half its height down to above its nostrils.
    static let noseBody = [
        196, 236, 134, 220, 115, 48, 219, 79, 44, 1, 274, 309, 439, 278, 344, 440, 363, 456, 419,
    ]
    /// A ring around the whole nose, from the bridge.
    static let noseOutline = [6, 236, 115, 48, 64, 98, 2, 327, 294, 278, 344, 456]
    /// From beside the nose's wing to beside the corner of the mouth.
    static let smileFold = [[203, 206, 216], [423, 426, 436]]
    /// The same way, from the wing itself to below the corner of the mouth.
    static let smileCourse = [[129, 203, 206, 216, 212], [358, 423, 426, 436, 432]]
    /// Highest points of both brows; on the midline between them.
    static let browTops = [105, 334], betweenBrows = [9, 8]
    /// A ring on the side of each cheek.
    static let cheekSides = [[50, 205, 147, 123], [280, 425, 376, 352]]
    /// The upper lip's upper border, from the viewer's left.
    static let upperLip = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291]
    /// Upper border of where beards grow, from ear to ear.
    static let beardBorder = [
        93, 177, 213, 192, 214, 212, 186, 165, 97, 2, 326, 391, 410, 432, 434, 416, 433, 401, 323,
    ]
    /// Places on the left and on the right side of the face, from the forehead down.
    static let sideRows = [
        [67, 54, 162, 127, 234, 93, 132, 58, 172, 136, 150, 149, 176],
        [297, 284, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400],
    ]
    /// Places of the same heights on its midline.
    static let midlineRows = [10, 151, 9, 168, 197, 5, 164, 17, 18, 200, 199, 175, 152]
    /// Middle of the lower lip's lower border, and the chin.
    static let lowerLip = 17, chin = 152
    /// Tip of the nose.
    public static let noseTip = 1
    /// Left and right.
    public static let mouthCorners = [61, 291]
    /// On its bridge, between the eyes.
    static let noseBridge = [168, 6]
    /// Above it, and on the left and on the right cheek.
    static let forehead = [151, 9], cheeks = [[50, 205], [280, 425]]
    /// Before either ear at the height of the eyes.
    static let temples = [127, 356]
    /// Where the face ends before either ear.
    static let faceSides = [234, 454]
    /// Inner and outer corner of each eye.
    public static let eyeCorners = [[133, 33], [362, 263]]

    /// Mesh points of the first 16 points that the iris network places, which are lower and upper lid.
    static let irisNetworkLids = [
        [33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173],
        [263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398],
    ]
    /// Order in which the iris network's five points are the mesh's; the mirrored eye swaps left and right.
    static let irisNetworkOrder = [[0, 1, 2, 3, 4], [0, 3, 2, 1, 4]]
}
