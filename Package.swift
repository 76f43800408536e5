// swift-tools-version:5.9
import Foundation
import PackageDescription

// The core builds and tests with the Swift toolchain alone. The engine, the file host and the GIMP host are added
// when what they need is on the machine (`./install.sh` puts it there), so that a checkout without GIMP's headers
// still works.
let root = Context.packageDirectory
let openvino = "\(root)/.third-party/openvino"

func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

func hasPkgConfig(_ name: String) -> Bool {
    let custom = (ProcessInfo.processInfo.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":").map(String.init)
    let standard = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map { "/usr/lib/\($0)/pkgconfig" }
        + ["/usr/lib/pkgconfig", "/usr/lib64/pkgconfig", "/usr/share/pkgconfig", "/usr/local/lib/pkgconfig"]
    return (custom + standard).contains { exists("\($0)/\(name).pc") }
}

let hasEngine = exists("\(openvino)/include/openvino/c/openvino.h")
let hasGegl = ["gegl-0.4", "gdk-pixbuf-2.0", "gexiv2", "lcms2"].allSatisfy(hasPkgConfig)
let hasGimp = hasPkgConfig("gimpui-2.0")

// Pixel loops without optimisation are two orders of magnitude slower; tests run the same code as the product.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"])]

var products: [Product] = [.library(name: "AnimeCore", targets: ["AnimeCore"])]
var targets: [Target] = [
    .target(name: "AnimeCore", swiftSettings: optimised),
    .testTarget(name: "AnimeCoreTests", dependencies: ["AnimeCore"]),
]

if hasEngine {
    targets += [
        .target(name: "COpenVINO"),
        .target(
            name: "Inference", dependencies: ["AnimeCore", "COpenVINO"],
            swiftSettings: optimised,
            linkerSettings: [.unsafeFlags(["-L\(openvino)/lib", "-lopenvino_c", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN",
                                           "-Xlinker", "-rpath", "-Xlinker", "\(openvino)/lib"])]),
        .testTarget(name: "InferenceTests", dependencies: ["Inference"]),
    ]
}
if hasGegl {
    targets += [
        .systemLibrary(name: "CGegl", pkgConfig: "gegl-0.4", providers: [.apt(["libgegl-dev"])]),
        .systemLibrary(name: "CGdkPixbuf", pkgConfig: "gdk-pixbuf-2.0", providers: [.apt(["libgdk-pixbuf-2.0-dev"])]),
        .systemLibrary(name: "CGexiv2", pkgConfig: "gexiv2", providers: [.apt(["libgexiv2-dev"])]),
        .systemLibrary(name: "CLcms", pkgConfig: "lcms2", providers: [.apt(["liblcms2-dev"])]),
        .target(name: "GeglImage", dependencies: ["AnimeCore", "CGegl", "CGdkPixbuf", "CGexiv2", "CLcms"], swiftSettings: optimised),
        .target(name: "PictureFixtures", dependencies: ["AnimeCore"], path: "Tests/PictureFixtures"),
        .testTarget(name: "GeglImageTests", dependencies: ["AnimeCore", "GeglImage", "PictureFixtures"]),
    ]
}
if hasEngine && hasGegl {
    products.append(.executable(name: "anime-style", targets: ["anime-style"]))
    targets += [
        .executableTarget(
            name: "anime-style",
            dependencies: ["AnimeCore", "Inference", "GeglImage", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        // Files and engine together: the detector's real networks on real photographs.
        .testTarget(name: "DetectorTests", dependencies: ["AnimeCore", "Inference", "GeglImage"]),
        .testTarget(name: "CommandLineTests", dependencies: ["AnimeCore", "GeglImage", "PictureFixtures", "anime-style"]),
    ]
}
if hasEngine && hasGegl && hasGimp {
    products += [
        .library(name: "AnimePlugin", type: .dynamic, targets: ["AnimePlugin"]),
        .executable(name: "gimp-anime-style", targets: ["gimp-anime-style"]),
    ]
    targets += [
        .systemLibrary(name: "CGimp", pkgConfig: "gimpui-2.0", providers: [.apt(["libgimp2.0-dev"])]),
        .target(name: "AnimePlugin", dependencies: ["AnimeCore", "Inference", "GeglImage", "CGimp"], swiftSettings: optimised),
        .executableTarget(name: "gimp-anime-style", dependencies: ["CGimp"], path: "Plugin/gimp-2.10"),
        .testTarget(name: "GimpTests", dependencies: ["AnimeCore", "GeglImage"]),
        .testTarget(name: "InstallTests"),
    ]
}

let package = Package(
    name: "gimp-anime-style",
    products: products,
    dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")],
    targets: targets
)
