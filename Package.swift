// swift-tools-version:6.0
import Foundation
import PackageDescription

// Each module sees only those above it. The core (Raster to Drawing) builds and tests with the Swift toolchain alone;
// the engine, the files and the GIMP host are added when what they need is on the machine (`./install.sh` puts it
// there), so that a checkout without GIMP's headers still works.
let root = Context.packageDirectory
let openvino = "\(root)/.third-party/openvino"

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

func hasPkgConfig(_ name: String) -> Bool {
    let custom = (ProcessInfo.processInfo.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":").map(String.init)
    let standard =
        ["x86_64-linux-gnu", "aarch64-linux-gnu"].map { "/usr/lib/\($0)/pkgconfig" }
        + ["/usr/lib/pkgconfig", "/usr/lib64/pkgconfig", "/usr/share/pkgconfig", "/usr/local/lib/pkgconfig"]
    return (custom + standard).contains { exists("\($0)/\(name).pc") }
}

// Debian's next release has its version in the name of the package's description.
let gexiv2 = ["gexiv2-0.16", "gexiv2"].first(where: hasPkgConfig) ?? "gexiv2"

let hasEngine = exists("\(openvino)/include/openvino/c/openvino.h")
let hasCodecs = [
    "glib-2.0", "gdk-pixbuf-2.0", gexiv2, "lcms2", "libjpeg", "libpng", "libtiff-4", "libwebp", "libwebpdemux",
    "libwebpmux",
    "libheif", "libjxl", "libopenjp2",
].allSatisfy(hasPkgConfig)
// A build is for one GIMP: GIMP_ANIME_STYLE_HOST says which, 2.10 or 3, where a system has the headers of both.
let isGimp3 =
    ProcessInfo.processInfo.environment["GIMP_ANIME_STYLE_HOST"].map { $0 == "3" } ?? !hasPkgConfig("gimpui-2.0")
let gimpUi = isGimp3 ? "gimpui-3.0" : "gimpui-2.0"
let hasGimp = hasPkgConfig(gimpUi)

// Pixel loops without optimisation are two orders of magnitude slower; tests run the same code as the product.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"])]

// What the compiler has against attacks, for what is C among programs that read other people's files.
let hardened: [CSetting] = [.unsafeFlags(["-O2", "-D_FORTIFY_SOURCE=2", "-fstack-protector-strong"])]

func module(
    _ name: String, _ dependencies: [String] = [], exclude: [String] = [], linkerSettings: [LinkerSetting] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies.map { .byName(name: $0) }, exclude: exclude,
        swiftSettings: optimised,
        linkerSettings: linkerSettings)
}

func tests(_ name: String, _ dependencies: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies.map { .byName(name: $0) })
}

var products: [Product] = [.library(name: "Drawing", targets: ["Raster", "Settings", "Models", "Drawing"])]
var targets: [Target] = [
    module("Raster"),
    module("Settings", ["Raster"]),
    module("Models", ["Raster", "Settings"]),
    module("Drawing", ["Raster", "Settings", "Models"]),
    module("Evaluation", ["Raster", "Settings", "Models", "Drawing"]),
    .target(
        name: "DrawingFixtures", dependencies: ["Raster", "Settings", "Models", "Drawing"],
        path: "Tests/DrawingFixtures",
        swiftSettings: optimised),
    tests("RasterTests", ["Raster", "Models", "DrawingFixtures"]),
    tests("SettingsTests", ["Settings"]),
    tests("ModelsTests", ["Models", "DrawingFixtures"]),
    tests("DrawingTests", ["Drawing", "DrawingFixtures"]),
    tests("EvaluationTests", ["Evaluation", "DrawingFixtures"]),
]

// What child processes need, and the name of this one.
if hasEngine || hasCodecs { targets.append(.target(name: "CProcess", cSettings: hardened)) }
if hasEngine {
    targets += [
        .target(name: "COpenVINO", dependencies: ["CProcess"], cSettings: hardened),
        module(
            "Engine", ["Raster", "Settings", "Models", "Drawing", "COpenVINO", "CProcess"],
            linkerSettings: [
                .unsafeFlags([
                    "-L\(openvino)/lib", "-lopenvino_c", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN",
                    "-Xlinker", "-rpath", "-Xlinker", "\(openvino)/lib",
                ])
            ]),
        .target(name: "NetworkFixtures", path: "Tests/NetworkFixtures"),
        tests("EngineTests", ["Engine", "NetworkFixtures"]),
    ]
}
if hasCodecs {
    targets += [
        .systemLibrary(name: "CGlib", pkgConfig: "glib-2.0", providers: [.apt(["libglib2.0-dev"])]),
        .systemLibrary(name: "CLcms", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .target(name: "CCodec", dependencies: ["CProcess"], cSettings: hardened),
        module("Files", ["Raster", "Settings", "CCodec", "CGlib", "CLcms"]),
        .systemLibrary(name: "CGdkPixbuf", pkgConfig: "gdk-pixbuf-2.0", providers: [.apt(["libgdk-pixbuf-2.0-dev"])]),
        .systemLibrary(name: "CGexiv2", pkgConfig: gexiv2, providers: [.apt(["libgexiv2-dev"])]),
        .systemLibrary(name: "COpenJpeg", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        // The process of its own in which picture files are decoded and encoded.
        .executableTarget(
            name: "anime-style-codec", dependencies: ["CCodec", "CLcms", "CGdkPixbuf", "CGexiv2", "COpenJpeg"],
            cSettings: hardened,
            linkerSettings: ["jpeg", "png16", "tiff", "webp", "webpdemux", "webpmux", "heif", "jxl", "z", "m"].map {
                .linkedLibrary($0)
            }),
        module("Batch", ["Raster", "Settings", "Models", "Drawing", "Files"]),
        .target(
            name: "PictureFixtures", dependencies: ["Raster"], path: "Tests/PictureFixtures", swiftSettings: optimised),
        tests("FilesTests", ["Files", "PictureFixtures", "anime-style-codec"]),
        tests("BatchTests", ["Batch", "Files", "PictureFixtures"]),
    ]
}
if hasEngine && hasCodecs {
    products += [
        .executable(name: "anime-style", targets: ["anime-style"]),
        .executable(name: "anime-style-codec", targets: ["anime-style-codec"]),
    ]
    targets += [
        .executableTarget(
            name: "anime-style",
            dependencies: [
                "Raster", "Settings", "Models", "Drawing", "Engine", "Files", "Batch", "Evaluation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // Files and engine together: the detector's real networks on real photographs.
        tests("DetectorTests", ["Raster", "Settings", "Models", "Drawing", "Engine", "Files"]),
        tests(
            "CommandLineTests",
            [
                "Raster", "Settings", "Drawing", "Evaluation", "Files", "PictureFixtures", "NetworkFixtures",
                "anime-style",
            ]),
    ]
}
if hasEngine && hasCodecs && hasGimp {
    products += [
        .library(name: "AnimePlugin", type: .dynamic, targets: ["AnimePlugin"]),
        .executable(name: "gimp-anime-style", targets: ["gimp-anime-style"]),
    ]
    targets += [
        .systemLibrary(
            name: "CGimp", pkgConfig: gimpUi, providers: [.apt([isGimp3 ? "libgimp-3.0-dev" : "libgimp2.0-dev"])]),
        module(
            "AnimePlugin", ["Raster", "Settings", "Models", "Drawing", "Engine", "Files", "Batch", "CGimp"],
            exclude: [isGimp3 ? "Host2" : "Host3"]),
        .executableTarget(
            name: "gimp-anime-style", dependencies: ["CGimp", "CProcess"],
            path: isGimp3 ? "Plugin/gimp-3.0" : "Plugin/gimp-2.10"),
        tests("GimpTests", ["Raster", "Files"]),
        tests("InstallTests", ["Settings"]),
    ]
}

let package = Package(
    name: "gimp-anime-style",
    products: products,
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
    targets: targets,
    swiftLanguageModes: [.v6]
)
